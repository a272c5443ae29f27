import type { Mask } from "@/lib/masking/mask";
import type { MaskView } from "@/lib/masks/list-masks";
import { contentOf, type MaskContent, NEW_CONTENT } from "./mask-draft";

/** What the editor is open for. */
export type MaskTarget =
  /** A mask of its own pattern, not there yet. */
  | { readonly kind: "new" }
  | { readonly kind: "stored"; readonly mask: MaskView }
  /** The same mask for each of these columns, whether they have one or not. `like`: what they have now. */
  | { readonly kind: "columns"; readonly columns: readonly string[]; readonly like: MaskView | null }
  /** A suggestion that is accepted with another mask than the suggested one. */
  | {
      readonly kind: "finding";
      readonly id: string;
      readonly column: string;
      readonly method: Mask["method"];
      readonly options: Mask["options"];
    };

export function startingContent(target: MaskTarget): MaskContent {
  switch (target.kind) {
    case "new":
      return NEW_CONTENT;
    case "stored":
      return contentOf(target.mask);
    case "columns":
      return target.like === null ? NEW_CONTENT : contentOf(target.like);
    case "finding":
      return contentOf({ ...NEW_CONTENT, method: target.method, options: target.options });
    default:
      return target satisfies never;
  }
}

/** The columns it is about, as patterns; a new one starts without. */
export function startingColumns(target: MaskTarget): readonly string[] {
  switch (target.kind) {
    case "new":
      return [];
    case "stored":
      return [target.mask.column];
    case "columns":
      return target.columns;
    case "finding":
      return [target.column];
    default:
      return target satisfies never;
  }
}

export function titleOf(target: MaskTarget): string {
  switch (target.kind) {
    case "new":
      return "New mask";
    case "stored":
      return "Mask";
    case "columns":
      return target.columns.length === 1 ? "Mask a column" : `Mask ${target.columns.length} columns`;
    case "finding":
      return "Accept a suggestion, edited";
    default:
      return target satisfies never;
  }
}
