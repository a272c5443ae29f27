import { MalformedPacket } from "../protocol/malformed";

/** What rows of both protocols are made of (MySQL manual, "Text Resultset Row" and "Binary Protocol Resultset Row"). */

/** NULL in a row of the text protocol. */
export const NULL_CELL = 0xfb;
export const NULL_TEXT: Buffer = Buffer.of(NULL_CELL);

/** Bits in front of the first column's in the bitmap of NULLs. */
export const BITMAP_OFFSET = 2;

/** Bytes of the bitmap of NULLs. */
export function bitmapLength(columns: number): number {
  return (columns + 7 + BITMAP_OFFSET) >> 3;
}

/** Bytes of the length in front of a length-encoded value, by the first of them. Throws MalformedPacket. */
export function prefixLength(first: number): number {
  switch (first) {
    case NULL_CELL:
    case 0xff:
      throw malformedRow();
    case 0xfc:
      return 3;
    case 0xfd:
      return 4;
    case 0xfe:
      return 9;
    default:
      return 1;
  }
}

/** Names no content. */
export function malformedRow(): MalformedPacket {
  return new MalformedPacket("a row that does not hold its columns");
}
