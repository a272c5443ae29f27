import { TYPE } from "@/lib/masking/column-types";

/** How a value stands in a row of the binary protocol: a number of bytes, or one of these. */
export const LENGTH_ENCODED = 0;
/** Dates and times: one byte with the length of the rest. */
export const BYTE_COUNTED = -1;
export const UNKNOWN = -2;

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [TYPE.TINY, 1],
  [TYPE.SHORT, 2],
  [TYPE.YEAR, 2],
  [TYPE.LONG, 4],
  [TYPE.INT24, 4],
  [TYPE.FLOAT, 4],
  [TYPE.LONGLONG, 8],
  [TYPE.DOUBLE, 8],
  [TYPE.DATE, BYTE_COUNTED],
  [TYPE.TIME, BYTE_COUNTED],
  [TYPE.DATETIME, BYTE_COUNTED],
  [TYPE.TIMESTAMP, BYTE_COUNTED],
  [TYPE.NULL, LENGTH_ENCODED],
  [TYPE.DECIMAL, LENGTH_ENCODED],
  [TYPE.NEWDECIMAL, LENGTH_ENCODED],
  [TYPE.VARCHAR, LENGTH_ENCODED],
  [TYPE.VAR_STRING, LENGTH_ENCODED],
  [TYPE.STRING, LENGTH_ENCODED],
  [TYPE.BIT, LENGTH_ENCODED],
  [TYPE.JSON, LENGTH_ENCODED],
  [TYPE.ENUM, LENGTH_ENCODED],
  [TYPE.SET, LENGTH_ENCODED],
  [TYPE.TINY_BLOB, LENGTH_ENCODED],
  [TYPE.MEDIUM_BLOB, LENGTH_ENCODED],
  [TYPE.LONG_BLOB, LENGTH_ENCODED],
  [TYPE.BLOB, LENGTH_ENCODED],
  [TYPE.GEOMETRY, LENGTH_ENCODED],
]);

/** Of values of a protocol type byte (MySQL manual, "Binary Protocol Value"). */
export function binaryWidth(type: number): number {
  return WIDTHS.get(type) ?? UNKNOWN;
}
