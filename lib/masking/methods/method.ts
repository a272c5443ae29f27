import type { ColumnShape, TokenKeys } from "../cell";
import type { Column } from "../column";
import type { MaskOptions } from "../mask";

/** Hides one text; null: it is to be hidden whole, as `Method.whole` says. */
export type HideText = (text: string) => string | null;

/** A method made ready for one column. */
export interface Hiding {
  /** The column as its masked values make it. */
  readonly shape: ColumnShape;
  /** From the canonical text of a value (codec/codec.ts) to the canonical text of the masked one, a value of `shape`. */
  readonly hide: HideText;
}

/** A way to hide values. What a method does not say about a type is hidden whole. */
export interface Method {
  /** What stands for a value that is hidden whole: the constant of its type, or NULL. */
  readonly whole: "constant" | "null";
  /** How a column is hidden; null: every value whole. */
  column(column: Column, options: MaskOptions, keys: TokenKeys): Hiding | null;
  /** How a scalar of a JSON document is hidden. */
  text(options: MaskOptions, keys: TokenKeys): HideText;
  /** Whether a text looks like what this method shows (beside the constants). */
  shows(text: string, options: MaskOptions): boolean;
}
