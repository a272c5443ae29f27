import type { CellMask, ColumnMask, ColumnShape } from "@/lib/masking/cell";
import type { ColumnDefinition } from "../protocol/column-definition";
import { binaryWidth } from "./binary-widths";

/**
 * Makes a mask ready for a column. One function per connection, the same for all of its sessions: what was made of a result's
 * definitions is kept for the next one under it.
 */
export type CellMaskMaker = (mask: ColumnMask, shape: ColumnShape) => CellMask;

/** Complete encodings of one value, null for NULL. */
export interface FixedValue {
  readonly text: Buffer | null;
  readonly binary: Buffer | null;
}

export interface MaskedColumn {
  readonly mask: CellMask;
  /** Takes the place of every value but NULL, which then need not be read; null: the value decides. */
  readonly constant: FixedValue | null;
  /** Takes the place of values that are too long to be looked at. */
  readonly tooLong: FixedValue;
}

/** Longest value that a mask gets to see. */
export const LONGEST_SEEN: number = 1024 * 1024;

/** The columns of one result of which at least one is masked. */
export interface MaskedColumns {
  /** In order; null: shown as it is. */
  readonly cells: readonly (MaskedColumn | null)[];
  /** Binary widths of what the server sends. */
  readonly widths: Int8Array;
}

export function shapeOf({ type, flags, collation, length, decimals }: ColumnDefinition): ColumnShape {
  return { type, flags, collation, length, decimals };
}

/** Null when nothing of the result is masked. */
export function maskedColumns(
  masks: readonly (ColumnMask | null)[],
  definitions: readonly ColumnDefinition[],
  make: CellMaskMaker,
): MaskedColumns | null {
  if (masks.every((mask) => mask === null)) {
    return null;
  }
  return {
    cells: definitions.map((definition, index) => {
      const mask = masks[index] ?? null;
      return mask === null ? null : maskedColumn(mask, shapeOf(definition), make);
    }),
    widths: Int8Array.from(definitions, ({ type }) => binaryWidth(type)),
  };
}

/** Of a result in which nothing is masked, for those that have to be put into packets anew. */
export function plainColumns(definitions: readonly ColumnDefinition[]): MaskedColumns {
  return { cells: definitions.map(() => null), widths: Int8Array.from(definitions, ({ type }) => binaryWidth(type)) };
}

function maskedColumn(method: ColumnMask, shape: ColumnShape, make: CellMaskMaker): MaskedColumn {
  const mask = make(method, shape);
  return { mask, constant: mask.constant, tooLong: mask.constant ?? redacted(mask.shape, shape, make) };
}

/** What `redact` gives, as a value of the shape that the client was told; NULL where that can not be. */
function redacted(told: ColumnShape, shape: ColumnShape, make: CellMaskMaker): FixedValue {
  const mask = make({ method: "redact", options: {} }, shape);
  const fits = binaryWidth(mask.shape.type) === binaryWidth(told.type);
  return { text: mask.constant?.text ?? null, binary: fits ? (mask.constant?.binary ?? null) : null };
}
