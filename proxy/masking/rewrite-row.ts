import { MalformedPacket } from "../protocol/malformed";
import { BYTE_COUNTED, LENGTH_ENCODED } from "./binary-widths";
import { LONGEST_SEEN, type MaskedColumn, type MaskedColumns } from "./masked-columns";
import type { Output } from "./output";

const NULL_CELL = 0xfb;
const NULL_TEXT: Buffer = Buffer.of(NULL_CELL);
/** Bits in front of the first column's in the bitmap of NULLs. */
const BITMAP_OFFSET = 2;

/** Where the value behind the length prefix that was read last begins. */
let valueAt = 0;

/** End of the length-encoded value at `at`; it lies before `to`. */
function endOfValue(bytes: Buffer, at: number, to: number): number {
  const first = bytes[at] ?? 0;
  let length = first;
  let from = at + 1;
  if (first >= NULL_CELL) {
    const size = first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
    if (first === NULL_CELL || first === 0xff || from + size > to) {
      throw malformed();
    }
    if (size === 8) {
      length = bytes.readUInt32LE(from) + bytes.readUInt32LE(from + 4) * 0x1_0000_0000;
    } else {
      length = bytes.readUIntLE(from, size);
    }
    from += size;
  }
  if (length > to - from) {
    throw malformed();
  }
  valueAt = from;
  return from + length;
}

function malformed(): MalformedPacket {
  return new MalformedPacket("a row that does not hold its columns");
}

/**
 * Writes the row of the text protocol in `bytes[from, to)` with its masked cells replaced; what lies between them is copied in one go.
 * `out` has a packet open and the row staged. Throws MalformedPacket; what was written of the row then has to be dropped.
 */
export function rewriteTextRow(out: Output, bytes: Buffer, from: number, to: number, columns: MaskedColumns): void {
  const { cells } = columns;
  out.reserve(to - from);
  let run = from;
  let p = from;
  for (let index = 0; index < cells.length; index += 1) {
    if (p >= to) {
      throw malformed();
    }
    const start = p;
    if (bytes[p] === NULL_CELL) {
      p += 1;
      continue;
    }
    p = endOfValue(bytes, p, to);
    const cell = cells[index] ?? null;
    if (cell !== null) {
      out.copyStaged(bytes, run, start);
      const value = textValue(cell, bytes, valueAt, p) ?? NULL_TEXT;
      // Room for the value and for all that may be copied behind it.
      out.reserve(value.length + to - p);
      out.copy(value, 0, value.length);
      run = p;
    }
  }
  if (p !== to) {
    throw malformed();
  }
  out.copyStaged(bytes, run, to);
}

function textValue({ constant, mask, tooLong }: MaskedColumn, bytes: Buffer, from: number, to: number): Buffer | null {
  if (constant !== null) {
    return constant.text;
  }
  return to - from > LONGEST_SEEN ? tooLong.text : mask.text(bytes, from, to);
}

/** As `rewriteTextRow`, for the binary protocol (MySQL manual, "Binary Protocol Resultset Row"). */
export function rewriteBinaryRow(out: Output, bytes: Buffer, from: number, to: number, columns: MaskedColumns): void {
  const { cells, widths } = columns;
  const nulls = from + 1;
  let p = nulls + bitmapLength(cells.length);
  if (p > to || bytes[from] !== 0) {
    throw malformed();
  }
  const outNulls = out.reserve(to - from) + 1;
  let run = from;
  for (let index = 0; index < cells.length; index += 1) {
    const bit = index + BITMAP_OFFSET;
    if (((bytes[nulls + (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0) {
      continue;
    }
    const start = p;
    p = endOfBinary(bytes, p, to, widths[index] ?? 0);
    const cell = cells[index] ?? null;
    if (cell !== null) {
      out.copyStaged(bytes, run, start);
      const value = binaryValue(cell, bytes, valueAt, p);
      if (value === null) {
        const at = outNulls + (bit >> 3);
        out.bytes[at] = (out.bytes[at] ?? 0) | (1 << (bit & 7));
      } else {
        out.reserve(value.length + to - p);
        out.copy(value, 0, value.length);
      }
      run = p;
    }
  }
  if (p !== to) {
    throw malformed();
  }
  out.copyStaged(bytes, run, to);
}

/** Bytes of the bitmap of NULLs. */
export function bitmapLength(columns: number): number {
  return (columns + 7 + BITMAP_OFFSET) >> 3;
}

function endOfBinary(bytes: Buffer, at: number, to: number, width: number): number {
  if (width === LENGTH_ENCODED) {
    if (at >= to) {
      throw malformed();
    }
    return endOfValue(bytes, at, to);
  }
  if (width < BYTE_COUNTED) {
    throw new MalformedPacket("a row with values of an unknown type");
  }
  valueAt = at;
  const end = width === BYTE_COUNTED ? at + 1 + (bytes[at] ?? 0) : at + width;
  if (at >= to || end > to) {
    throw malformed();
  }
  return end;
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
