import { isAscii, isUtf8 } from "node:buffer";
import type { ColumnShape } from "@/lib/masking/cell";
import type { Codec } from "@/lib/masking/codec/codec";
import { codecOf } from "@/lib/masking/codec/codec-of";
import { Output } from "@/lib/masking/codec/output";
import { type Column, columnOf } from "@/lib/masking/column";
import { FLAG, NOT_FIXED, TYPE } from "@/lib/masking/column-types";
import type { ReplayValue } from "../replay-model";
import type { BytesReader } from "./bytes";
import { isInteger } from "./definition";

const NULL_CELL = 0xfb;
/** Widest display width of a ZEROFILL column. */
const LONGEST_INTEGER = 255;
/** Collations of latin1 on MySQL and MariaDB; servers mean Windows-1252 by it. */
const latin1Collations: ReadonlySet<number> = new Set([5, 8, 15, 31, 47, 48, 49, 94, 1032, 1071]);
/** Characters of its bytes 0x80 to 0x9f: Node decodes "windows-1252" as ISO 8859-1, which has none there. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const binaryWidths = new Map<number, number>([
  [TYPE.TINY, 1],
  [TYPE.SHORT, 2],
  [TYPE.YEAR, 2],
  [TYPE.INT24, 4],
  [TYPE.LONG, 4],
  [TYPE.FLOAT, 4],
  [TYPE.LONGLONG, 8],
  [TYPE.DOUBLE, 8],
]);
const withLengthByte: ReadonlySet<number> = new Set([
  TYPE.DATE,
  TYPE.NEWDATE,
  TYPE.DATETIME,
  TYPE.TIMESTAMP,
  TYPE.TIME,
]);

/** Reads the values of one column as a client at a terminal would see them. */
export interface CellReader {
  text(reader: BytesReader): ReplayValue;
  /** The value is not NULL: rows of the binary protocol say so in front. */
  binary(reader: BytesReader): ReplayValue;
}

const hexOf = (bytes: Buffer): ReplayValue => ({ hex: bytes.toString("hex") });

/** Bytes of a string column as text, where its character set tells how. */
export function stringValue(bytes: Buffer, kind: Column["kind"], collation: number): ReplayValue {
  switch (kind) {
    case "text":
    case "json":
      return isUtf8(bytes) ? bytes.toString("utf8") : hexOf(bytes);
    case "foreign":
      if (latin1Collations.has(collation)) return windows1252(bytes);
      return isAscii(bytes) ? bytes.toString("latin1") : hexOf(bytes);
    case "binary":
    case "bit":
    case "opaque":
      return hexOf(bytes);
    default:
      return bytes.toString("latin1");
  }
}

function windows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replaceAll(/[\u0080-\u009f]/g, (character) => WINDOWS_1252.charAt(character.charCodeAt(0) - 0x80));
}

/** Digits in front of the point, and zeros behind it, from which on servers write a number with an exponent (DBL_DIG). */
const MOST_PLAIN = 15;

/** A FLOAT or DOUBLE without fixed decimals as servers write it; JavaScript turns to exponents at other sizes. */
function plainNumber(canonical: string): string {
  const value = Number(canonical);
  const [mantissa = "", power = ""] = value.toExponential().split("e");
  const point = Number(power) + 1;
  if (value !== 0 && (point > MOST_PLAIN || point <= -MOST_PLAIN)) return `${mantissa}e${Number(power)}`;
  if (!canonical.includes("e")) return canonical;
  const digits = mantissa.replace(/[-.]/g, "");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(-point)}${digits}`;
}

/** Numbers and dates of the binary protocol as the text protocol would send them. */
function printed(codec: Codec, column: Column, bytes: Buffer, out: Output): ReplayValue {
  const { kind, shape } = column;
  const text = codec.readBinary(bytes, 0, bytes.length);
  if (text === null) return hexOf(bytes);
  if (isInteger(shape.type) && (shape.flags & FLAG.ZEROFILL) !== 0) {
    return text.padStart(Math.min(shape.length, LONGEST_INTEGER), "0");
  }
  if (kind !== "float" && kind !== "double") return text;
  if (shape.decimals >= NOT_FIXED) return plainNumber(text);
  // The codec writes a value behind its length, which is one byte: numbers are short.
  return codec.writeText(text, out).toString("latin1", 1);
}

/** How the values of a column with this definition are read. */
export function cellReader(shape: ColumnShape): CellReader {
  const column = columnOf(shape);
  const codec = codecOf(column);
  const out = new Output();
  const width = binaryWidths.get(shape.type);
  const lengthByte = withLengthByte.has(shape.type);
  return {
    text(reader) {
      if (reader.bytes[reader.at] === NULL_CELL) {
        reader.skip(1);
        return null;
      }
      return stringValue(reader.lenencBytes(), column.kind, shape.collation);
    },
    binary(reader) {
      if (width !== undefined) return printed(codec, column, reader.take(width), out);
      if (lengthByte) return printed(codec, column, reader.take(1 + (reader.bytes[reader.at] ?? 0)), out);
      return stringValue(reader.lenencBytes(), column.kind, shape.collation);
    },
  };
}
