import { FRAME_HEADER } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import { BYTE_COUNTED, LENGTH_ENCODED, UNKNOWN } from "./binary-widths";
import { LONGEST_SEEN, type MaskedColumn, type MaskedColumns } from "./masked-columns";
import type { Output } from "./output";
import { BITMAP_OFFSET, bitmapLength, malformedRow, NULL_CELL, NULL_TEXT, prefixLength } from "./row-format";

/** End of the value whose length takes more than one byte; it lies before `to`. */
function endOfLong(bytes: Buffer, at: number, to: number): number {
  const prefix = prefixLength(bytes[at] ?? 0);
  const from = at + prefix;
  if (from > to) {
    throw malformedRow();
  }
  const length =
    prefix === 9
      ? bytes.readUInt32LE(at + 1) + bytes.readUInt32LE(at + 5) * 0x1_0000_0000
      : bytes.readUIntLE(at + 1, prefix - 1);
  if (length > to - from) {
    throw malformedRow();
  }
  return from + length;
}

/**
 * Gives out the row of the text protocol in `bytes[at, to)`, its header included, with its masked cells replaced; the header is to be
 * written anew when any was. Throws MalformedPacket; what was given of the row then has to be dropped.
 */
export function rewriteTextRow(out: Output, bytes: Buffer, at: number, to: number, columns: MaskedColumns): void {
  const { cells } = columns;
  let run = at;
  let p = at + FRAME_HEADER;
  for (let index = 0; index < cells.length; index += 1) {
    if (p >= to) {
      throw malformedRow();
    }
    const start = p;
    const first = bytes[p] ?? 0;
    if (first === NULL_CELL) {
      p += 1;
      continue;
    }
    p = first < NULL_CELL ? p + 1 + first : endOfLong(bytes, p, to);
    const cell = cells[index] ?? null;
    if (cell !== null) {
      if (p > to) {
        throw malformedRow();
      }
      out.pass(bytes, run, start);
      out.put(textValue(cell, bytes, start + prefixLength(first), p) ?? NULL_TEXT);
      run = p;
    }
  }
  if (p !== to) {
    throw malformedRow();
  }
  out.pass(bytes, run, to);
}

function textValue({ constant, mask, tooLong }: MaskedColumn, bytes: Buffer, from: number, to: number): Buffer | null {
  if (constant !== null) {
    return constant.text;
  }
  return to - from > LONGEST_SEEN ? tooLong.text : mask.text(bytes, from, to);
}

/** As `rewriteTextRow`, for the binary protocol (MySQL manual, "Binary Protocol Resultset Row"). */
export function rewriteBinaryRow(out: Output, bytes: Buffer, at: number, to: number, columns: MaskedColumns): void {
  const { cells, widths } = columns;
  const nulls = at + FRAME_HEADER + 1;
  let p = nulls + bitmapLength(cells.length);
  if (p > to || bytes[nulls - 1] !== 0) {
    throw malformedRow();
  }
  const outNulls = out.place + FRAME_HEADER + 1;
  let run = at;
  for (let index = 0; index < cells.length; index += 1) {
    const bit = index + BITMAP_OFFSET;
    if (((bytes[nulls + (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0) {
      continue;
    }
    if (p >= to) {
      throw malformedRow();
    }
    const start = p;
    const width = widths[index] ?? 0;
    const first = bytes[p] ?? 0;
    if (width > 0) {
      p += width;
    } else if (width === UNKNOWN) {
      throw new MalformedPacket("a row with values of an unknown type");
    } else if (first < NULL_CELL || width === BYTE_COUNTED) {
      p += 1 + first;
    } else {
      p = endOfLong(bytes, p, to);
    }
    const cell = cells[index] ?? null;
    if (cell !== null) {
      if (p > to) {
        throw malformedRow();
      }
      out.pass(bytes, run, start);
      const value = binaryValue(cell, bytes, width === LENGTH_ENCODED ? start + prefixLength(first) : start, p);
      if (value === null) {
        out.flush();
        const place = outNulls + (bit >> 3);
        out.bytes[place] = (out.bytes[place] ?? 0) | (1 << (bit & 7));
      } else {
        out.put(value);
      }
      run = p;
    }
  }
  if (p !== to) {
    throw malformedRow();
  }
  out.pass(bytes, run, to);
}

function binaryValue(
  { constant, mask, tooLong }: MaskedColumn,
  bytes: Buffer,
  from: number,
  to: number,
): Buffer | null {
  if (constant !== null) {
    return constant.binary;
  }
  return to - from > LONGEST_SEEN ? tooLong.binary : mask.binary(bytes, from, to);
}
