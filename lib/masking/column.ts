import type { ColumnShape } from "./cell";
import { encodingOf } from "./collations";
import { FLAG, TYPE } from "./column-types";

/**
 * What the values of a column are. `foreign`: text of a character set that masking does not read. `opaque`: geometry and types that
 * this version does not know; never shown by any method.
 */
export type ColumnKind =
  | "integer"
  | "year"
  | "decimal"
  | "float"
  | "double"
  | "date"
  | "datetime"
  | "time"
  | "bit"
  | "text"
  | "binary"
  | "foreign"
  | "json"
  | "opaque";

/** A result column with what its definition means. */
export interface Column {
  readonly kind: ColumnKind;
  readonly shape: ColumnShape;
}

const stringKinds = { utf8: "text", binary: "binary", other: "foreign" } as const;

function kindOf(shape: ColumnShape): ColumnKind {
  switch (shape.type) {
    case TYPE.TINY:
    case TYPE.SHORT:
    case TYPE.INT24:
    case TYPE.LONG:
    case TYPE.LONGLONG:
      return "integer";
    case TYPE.YEAR:
      return "year";
    case TYPE.DECIMAL:
    case TYPE.NEWDECIMAL:
      return "decimal";
    case TYPE.FLOAT:
      return "float";
    case TYPE.DOUBLE:
      return "double";
    case TYPE.DATE:
    case TYPE.NEWDATE:
      return "date";
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return "datetime";
    case TYPE.TIME:
      return "time";
    case TYPE.BIT:
      return "bit";
    case TYPE.JSON:
      return "json";
    case TYPE.VARCHAR:
    case TYPE.VAR_STRING:
    case TYPE.STRING:
    case TYPE.ENUM:
    case TYPE.SET:
    case TYPE.TINY_BLOB:
    case TYPE.MEDIUM_BLOB:
    case TYPE.LONG_BLOB:
    case TYPE.BLOB:
      return stringKinds[encodingOf(shape.collation)];
    default:
      return "opaque";
  }
}

/** Reads a column definition. */
export function columnOf(shape: ColumnShape): Column {
  return { kind: kindOf(shape), shape };
}

/** Whether an integer column has no negative values. */
export function isUnsigned(shape: ColumnShape): boolean {
  return (shape.flags & FLAG.UNSIGNED) !== 0;
}
