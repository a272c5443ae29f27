import type { ColumnShape } from "../cell";
import { isUnsigned } from "../column";
import { TYPE } from "../column-types";
import type { Codec } from "./codec";
import type { Output } from "./output";

const INTEGER = /^-?\d{1,20}$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const YEAR_DIGITS = 4;

/** Bytes of an integer column in the binary protocol, and the bits of its range. */
const widths: Readonly<Record<number, { readonly bytes: number; readonly bits: number }>> = {
  [TYPE.TINY]: { bytes: 1, bits: 8 },
  [TYPE.SHORT]: { bytes: 2, bits: 16 },
  [TYPE.INT24]: { bytes: 4, bits: 24 },
  [TYPE.LONG]: { bytes: 4, bits: 32 },
  [TYPE.LONGLONG]: { bytes: 8, bits: 64 },
};
const WIDEST = { bytes: 8, bits: 64 };

/** ZEROFILL columns have zeros in front in the text protocol only. */
function withoutZeros(text: string): string {
  return text.startsWith("0") || text.startsWith("-0") ? text.replace(/^(-?)0+(?=\d)/, "$1") : text;
}

const writeAscii = (text: string, out: Output) => out.string(text, "latin1");

/** Smallest and largest value of an integer column. */
export function integerRange(shape: ColumnShape): { readonly low: bigint; readonly high: bigint } {
  const { bits } = widths[shape.type] ?? WIDEST;
  const half = 1n << BigInt(bits - 1);
  return isUnsigned(shape) ? { low: 0n, high: 2n * half - 1n } : { low: -half, high: half - 1n };
}

/** TINY to LONGLONG; canonical text is decimal, without zeros in front. */
export function integerCodec(shape: ColumnShape): Codec {
  const { bytes: width } = widths[shape.type] ?? WIDEST;
  const unsigned = isUnsigned(shape);
  return {
    readText(bytes, from, to) {
      const text = bytes.toString("latin1", from, to);
      return INTEGER.test(text) ? withoutZeros(text) : null;
    },
    readBinary(bytes, from, to) {
      if (to - from !== width) return null;
      if (width === 8) return String(unsigned ? bytes.readBigUInt64LE(from) : bytes.readBigInt64LE(from));
      return String(unsigned ? bytes.readUIntLE(from, width) : bytes.readIntLE(from, width));
    },
    writeText: writeAscii,
    writeBinary(text, out) {
      const bytes = out.bytes(width);
      if (width === 8) bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(text)));
      else if (unsigned) bytes.writeUIntLE(Number(text), 0, width);
      else bytes.writeIntLE(Number(text), 0, width);
      return bytes;
    },
  };
}

/** YEAR: four digits, two bytes. */
export const yearCodec: Codec = {
  readText(bytes, from, to) {
    const text = bytes.toString("latin1", from, to);
    return /^\d{1,4}$/.test(text) ? text.padStart(YEAR_DIGITS, "0") : null;
  },
  readBinary: (bytes, from, to) =>
    to - from === 2 ? String(bytes.readUInt16LE(from)).padStart(YEAR_DIGITS, "0") : null,
  writeText: writeAscii,
  writeBinary(text, out) {
    const bytes = out.bytes(2);
    bytes.writeUInt16LE(Number(text));
    return bytes;
  },
};

function readDecimal(bytes: Buffer, from: number, to: number): string | null {
  const text = bytes.toString("latin1", from, to);
  return DECIMAL.test(text) ? withoutZeros(text) : null;
}

/** DECIMAL: the same text in both protocols. */
export const decimalCodec: Codec = {
  readText: readDecimal,
  readBinary: readDecimal,
  writeText: writeAscii,
  writeBinary: writeAscii,
};

/** BIT: its bytes in both protocols, most significant first; canonical text is the unsigned number. */
export function bitCodec(shape: ColumnShape): Codec {
  const width = Math.min(Math.max(Math.ceil(shape.length / 8), 1), 8);
  const read = (bytes: Buffer, from: number, to: number) =>
    to > from ? BigInt(`0x${bytes.toString("hex", from, to)}`).toString() : null;
  const write = (text: string, out: Output) => {
    const digits = BigInt(text).toString(16);
    return out.string(Buffer.from(digits.padStart(width * 2, "0"), "hex").toString("latin1"), "latin1");
  };
  return { readText: read, readBinary: read, writeText: write, writeBinary: write };
}
