import { columnPattern, splitPattern } from "@/lib/policy/pattern";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { Mask } from "./mask";

/** The masks of a connection for one identity: which of them counts for a column. Immutable; answers are kept per column object. */
export interface MaskSet {
  /** No mask at all: nothing needs to be looked up. */
  readonly isEmpty: boolean;
  /** The mask in force; null when none is about the column or the identity is exempt from it. */
  maskOf(column: BaseColumn): Mask | null;
  /** The column is masked, and the identity sees it by these of its groups; null otherwise. */
  exemption(column: BaseColumn): { readonly mask: Mask; readonly groups: readonly string[] } | null;
  /** The mask that counts for the column, exemptions aside. */
  configured(column: BaseColumn): Mask | null;
}

interface Candidate {
  readonly mask: Mask;
  readonly parts: readonly string[];
  readonly matches: (column: BaseColumn) => boolean;
}

/**
 * Of several masks about a column the most specific counts alone, its exemptions too: a column name without `*` before one with, then
 * the table's, then the schema's, then the longer text outside of `*`, then the order of the texts.
 */
export function compileMasks(masks: readonly Mask[], groups: readonly string[]): MaskSet {
  const candidates = masks.map(candidate).sort(bySpecificity);
  const held = new Set(groups);
  const known = new WeakMap<BaseColumn, Mask | null>();
  const configured = (column: BaseColumn): Mask | null => {
    const kept = known.get(column);
    if (kept !== undefined) return kept;
    const found = candidates.find((one) => one.matches(column))?.mask ?? null;
    known.set(column, found);
    return found;
  };
  const exemption: MaskSet["exemption"] = (column) => {
    const mask = configured(column);
    const by = mask === null ? [] : mask.exempt.filter((group) => held.has(group));
    return mask === null || by.length === 0 ? null : { mask, groups: by };
  };
  return {
    isEmpty: masks.length === 0,
    configured,
    exemption,
    maskOf: (column) => (exemption(column) === null ? configured(column) : null),
  };
}

/** The groups that make a difference: those that some mask exempts, sorted. */
export function exemptGroups(masks: readonly Mask[], groups: readonly string[]): readonly string[] {
  const named = new Set(masks.flatMap((mask) => mask.exempt));
  return groups.filter((group) => named.has(group)).sort();
}

/** Every column of a catalogue, views included, that some mask is about, with the one that counts. */
export function masksOfCatalogue(
  masks: readonly Mask[],
  catalogue: Catalogue,
): { readonly column: BaseColumn; readonly mask: Mask }[] {
  if (masks.length === 0) return [];
  const set = compileMasks(masks, []);
  return catalogue.snapshot.tables.flatMap((table) =>
    table.columns.flatMap(({ name }) => {
      const column = { schema: table.schema, table: table.name, column: name };
      const mask = set.configured(column);
      return mask === null ? [] : [{ column, mask }];
    }),
  );
}

/** Equal for two spellings of one pattern: back quotes and the case of the column make no difference. */
export function patternKey(text: string): string {
  const [schema = "", table = "", column = ""] = splitPattern(text) ?? [text];
  return [schema, table, column.toLowerCase()].join("\0");
}

/** Names compare without case: a server that folds them must not show what a mask in another spelling is about. */
const folded = ({ schema, table, column }: BaseColumn): BaseColumn => ({
  schema: schema.toLowerCase(),
  table: table.toLowerCase(),
  column: column.toLowerCase(),
});

function candidate(mask: Mask): Candidate {
  const pattern = columnPattern(mask.column.toLowerCase());
  // The schema of masks lets no other text pass; one that came past it hides all rather than nothing.
  if (pattern === null) return { mask, parts: ["*", "*", "*"], matches: () => true };
  return { mask, parts: splitPattern(mask.column) ?? [], matches: (column) => pattern.matches(folded(column)) };
}

function bySpecificity(a: Candidate, b: Candidate): number {
  for (const at of [2, 1, 0]) {
    const wild = Number(isWild(a.parts[at])) - Number(isWild(b.parts[at]));
    if (wild !== 0) return wild;
  }
  const longer = literalLength(b.parts) - literalLength(a.parts);
  if (longer !== 0) return longer;
  return a.mask.column < b.mask.column ? -1 : Number(a.mask.column > b.mask.column);
}

const isWild = (part: string | undefined) => part?.includes("*") ?? true;
const literalLength = (parts: readonly string[]) =>
  parts.reduce((sum, part) => sum + part.replaceAll("*", "").length, 0);
