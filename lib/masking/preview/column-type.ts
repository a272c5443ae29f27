import type { ColumnShape } from "../cell";
import { BINARY, UTF8MB4_GENERAL_CI } from "../collations";
import { FLAG, NOT_FIXED, TYPE } from "../column-types";

/** A column as the catalogue tells of it (information_schema.columns). */
export interface CatalogueColumn {
  readonly name: string;
  /** `varchar` */
  readonly dataType: string;
  /** `varchar(80)`, `int(10) unsigned`, `enum('a','b')` */
  readonly columnType: string;
}

const types: Readonly<Record<string, number>> = {
  tinyint: TYPE.TINY,
  boolean: TYPE.TINY,
  smallint: TYPE.SHORT,
  mediumint: TYPE.INT24,
  int: TYPE.LONG,
  integer: TYPE.LONG,
  bigint: TYPE.LONGLONG,
  float: TYPE.FLOAT,
  double: TYPE.DOUBLE,
  decimal: TYPE.NEWDECIMAL,
  date: TYPE.DATE,
  datetime: TYPE.DATETIME,
  timestamp: TYPE.TIMESTAMP,
  time: TYPE.TIME,
  year: TYPE.YEAR,
  bit: TYPE.BIT,
  json: TYPE.JSON,
  char: TYPE.STRING,
  enum: TYPE.STRING,
  set: TYPE.STRING,
  binary: TYPE.STRING,
  varchar: TYPE.VAR_STRING,
  varbinary: TYPE.VAR_STRING,
  tinytext: TYPE.BLOB,
  text: TYPE.BLOB,
  mediumtext: TYPE.BLOB,
  longtext: TYPE.BLOB,
  tinyblob: TYPE.BLOB,
  blob: TYPE.BLOB,
  mediumblob: TYPE.BLOB,
  longblob: TYPE.BLOB,
  // MariaDB's, which are strings to clients.
  uuid: TYPE.STRING,
  inet4: TYPE.STRING,
  inet6: TYPE.STRING,
};

const texts = new Set("char varchar enum set tinytext text mediumtext longtext uuid inet4 inet6".split(" "));

const TEXT_LENGTH = 65_535;
const UTF8MB4_BYTES = 4;

/** The numbers in the brackets of a column type: `(10,2)`. */
function numbersIn(columnType: string): readonly number[] {
  return (/\(([\d,]+)\)/.exec(columnType)?.[1] ?? "")
    .split(",")
    .filter((part) => part !== "")
    .map(Number);
}

/** Members of an ENUM or SET. */
export function membersOf(columnType: string): readonly string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, member = ""]) => member.replaceAll("''", "'"));
}

/** What a server's result would tell of a column; null for types that masking does not know. */
export function shapeOfCatalogueColumn({ dataType, columnType }: CatalogueColumn): ColumnShape | null {
  const name = dataType.toLowerCase();
  const type = types[name];
  if (type === undefined) return null;
  const [size, scale] = numbersIn(columnType);
  const unsigned = /\bunsigned\b/i.test(columnType) ? FLAG.UNSIGNED : 0;
  const base = { type, flags: unsigned, collation: texts.has(name) ? UTF8MB4_GENERAL_CI : BINARY, decimals: 0 };
  switch (name) {
    case "decimal": {
      const digits = size ?? 10;
      return { ...base, decimals: scale ?? 0, length: digits + (scale ? 1 : 0) + (unsigned === 0 ? 1 : 0) };
    }
    case "float":
    case "double":
      return { ...base, decimals: scale ?? NOT_FIXED, length: 22 };
    case "datetime":
    case "timestamp":
    case "time":
      return { ...base, decimals: size ?? 0, length: 26 };
    case "enum":
    case "set":
      return { ...base, flags: name === "enum" ? FLAG.ENUM : FLAG.SET, length: TEXT_LENGTH };
    case "bit":
      return { ...base, length: size ?? 1 };
    default:
      return { ...base, length: texts.has(name) ? (size ?? TEXT_LENGTH) * UTF8MB4_BYTES : (size ?? 20) };
  }
}
