import { FIELD_TYPE } from "../protocol/stmt-execute";

/** How a value stands in a row of the binary protocol: a number of bytes, or one of these. */
export const LENGTH_ENCODED = 0;
/** Dates and times: one byte with the length of the rest. */
export const BYTE_COUNTED = -1;
export const UNKNOWN = -2;

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [FIELD_TYPE.TINY, 1],
  [FIELD_TYPE.SHORT, 2],
  [FIELD_TYPE.YEAR, 2],
  [FIELD_TYPE.LONG, 4],
  [FIELD_TYPE.INT24, 4],
  [FIELD_TYPE.FLOAT, 4],
  [FIELD_TYPE.LONGLONG, 8],
  [FIELD_TYPE.DOUBLE, 8],
  [FIELD_TYPE.DATE, BYTE_COUNTED],
  [FIELD_TYPE.TIME, BYTE_COUNTED],
  [FIELD_TYPE.DATETIME, BYTE_COUNTED],
  [FIELD_TYPE.TIMESTAMP, BYTE_COUNTED],
  [FIELD_TYPE.NULL, LENGTH_ENCODED],
  [FIELD_TYPE.DECIMAL, LENGTH_ENCODED],
  [FIELD_TYPE.NEWDECIMAL, LENGTH_ENCODED],
  [FIELD_TYPE.VARCHAR, LENGTH_ENCODED],
  [FIELD_TYPE.VAR_STRING, LENGTH_ENCODED],
  [FIELD_TYPE.STRING, LENGTH_ENCODED],
  [FIELD_TYPE.BIT, LENGTH_ENCODED],
  [FIELD_TYPE.JSON, LENGTH_ENCODED],
  [FIELD_TYPE.ENUM, LENGTH_ENCODED],
  [FIELD_TYPE.SET, LENGTH_ENCODED],
  [FIELD_TYPE.TINY_BLOB, LENGTH_ENCODED],
  [FIELD_TYPE.MEDIUM_BLOB, LENGTH_ENCODED],
  [FIELD_TYPE.LONG_BLOB, LENGTH_ENCODED],
  [FIELD_TYPE.BLOB, LENGTH_ENCODED],
  [FIELD_TYPE.GEOMETRY, LENGTH_ENCODED],
]);

/** Of values of a protocol type byte (MySQL manual, "Binary Protocol Value"). */
export function binaryWidth(type: number): number {
  return WIDTHS.get(type) ?? UNKNOWN;
}
