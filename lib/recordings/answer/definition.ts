import type { ColumnShape } from "@/lib/masking/cell";
import { encodingOf } from "@/lib/masking/collations";
import { FLAG, TYPE } from "@/lib/masking/column-types";
import { type BytesReader, UnreadableBytes } from "./bytes";

/** A column of a recorded result, as the client was told. */
export interface DefinedColumn {
  readonly name: string;
  readonly shape: ColumnShape;
}

const NAMES_BEFORE = 4;
const FIXED_FIELDS = 12;

/** Reads Protocol::ColumnDefinition41 (MySQL manual); the reader stands behind its fixed fields. Throws UnreadableBytes. */
export function readDefinition(reader: BytesReader): DefinedColumn {
  for (let field = 0; field < NAMES_BEFORE; field += 1) reader.lenencBytes();
  const name = reader.lenencBytes().toString("utf8");
  reader.lenencBytes();
  let fields = reader.lenenc();
  if (fields !== FIXED_FIELDS) {
    // MariaDB tells clients that ask for it more about the type, in front of the fixed fields.
    reader.skip(fields);
    fields = reader.lenenc();
  }
  if (fields !== FIXED_FIELDS) throw new UnreadableBytes("a definition with other fields");
  const collation = reader.u16();
  const length = reader.u32();
  const type = reader.u8();
  const flags = reader.u16();
  const decimals = reader.u8();
  reader.skip(2);
  return { name, shape: { type, flags, collation, length, decimals } };
}

const integerNames = new Map<number, string>([
  [TYPE.TINY, "tinyint"],
  [TYPE.SHORT, "smallint"],
  [TYPE.INT24, "mediumint"],
  [TYPE.LONG, "int"],
  [TYPE.LONGLONG, "bigint"],
]);
const numberNames = new Map<number, string>([
  ...integerNames,
  [TYPE.FLOAT, "float"],
  [TYPE.DOUBLE, "double"],
  [TYPE.DECIMAL, "decimal"],
  [TYPE.NEWDECIMAL, "decimal"],
]);
const otherNames = new Map<number, string>([
  [TYPE.NULL, "null"],
  [TYPE.TIMESTAMP, "timestamp"],
  [TYPE.DATE, "date"],
  [TYPE.NEWDATE, "date"],
  [TYPE.TIME, "time"],
  [TYPE.DATETIME, "datetime"],
  [TYPE.YEAR, "year"],
  [TYPE.BIT, "bit"],
  [TYPE.JSON, "json"],
  [TYPE.ENUM, "enum"],
  [TYPE.SET, "set"],
  [TYPE.GEOMETRY, "geometry"],
]);
/** Types of strings: as text, and as bytes. The wire does not tell the sizes of BLOB and TEXT columns apart. */
const stringNames = new Map<number, readonly [string, string]>([
  [TYPE.VARCHAR, ["varchar", "varbinary"]],
  [TYPE.VAR_STRING, ["varchar", "varbinary"]],
  [TYPE.STRING, ["char", "binary"]],
  [TYPE.TINY_BLOB, ["tinytext", "tinyblob"]],
  [TYPE.BLOB, ["text", "blob"]],
  [TYPE.MEDIUM_BLOB, ["mediumtext", "mediumblob"]],
  [TYPE.LONG_BLOB, ["longtext", "longblob"]],
]);

/** The type as SQL spells it, e.g. "int unsigned", "varchar", "blob". */
export function typeName({ type, flags, collation }: ColumnShape): string {
  const number = numberNames.get(type);
  if (number !== undefined) return (flags & FLAG.UNSIGNED) === 0 ? number : `${number} unsigned`;
  const string = stringNames.get(type);
  if (string === undefined) return otherNames.get(type) ?? `type ${type}`;
  if ((flags & FLAG.ENUM) !== 0) return "enum";
  if ((flags & FLAG.SET) !== 0) return "set";
  return string[encodingOf(collation) === "binary" ? 1 : 0];
}

export function isInteger(type: number): boolean {
  return integerNames.has(type);
}
