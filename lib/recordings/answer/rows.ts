import type { ReplayValue } from "../replay-model";
import { BytesReader, UnreadableBytes } from "./bytes";
import type { CellReader } from "./cells";

/** Bits in front of the first column's in a row's NULL bitmap (MySQL manual, "Binary Protocol Resultset Row"). */
const BITMAP_OFFSET = 2;

/** One row, and whether all of it could be read. */
export interface ReadRow {
  readonly values: readonly ReplayValue[];
  readonly readable: boolean;
}

/** Reads a row's payload. What cannot be read is given as bytes: the rest in the cell where reading ended, nothing behind it. */
export function readRow(payload: Buffer, cells: readonly CellReader[], binary: boolean): ReadRow {
  const reader = new BytesReader(payload);
  const values: ReplayValue[] = [];
  let at = 0;
  try {
    const nulls = binary ? bitmapOf(reader, cells.length) : null;
    for (const [index, cell] of cells.entries()) {
      at = reader.at;
      const bit = index + BITMAP_OFFSET;
      if (nulls === null) values.push(cell.text(reader));
      else if (((nulls[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0) values.push(null);
      else values.push(cell.binary(reader));
    }
  } catch (error) {
    if (!(error instanceof UnreadableBytes)) throw error;
    values.push({ hex: payload.toString("hex", at) });
    while (values.length < cells.length) values.push({ hex: "" });
    return { values, readable: false };
  }
  return { values, readable: reader.left === 0 };
}

function bitmapOf(reader: BytesReader, columns: number): Buffer {
  if (reader.u8() !== 0) throw new UnreadableBytes("a row with another first byte");
  return reader.take((columns + BITMAP_OFFSET + 7) >> 3);
}
