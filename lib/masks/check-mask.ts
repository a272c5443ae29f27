import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { checkOptions, type Mask, maskFields } from "@/lib/masking/mask";
import { compileMasks, patternKey } from "@/lib/masking/mask-set";
import { type PreviewRow, previewOf } from "@/lib/masking/preview";
import { parseInput } from "@/lib/parse-input";
import { maskWarnings } from "@/lib/policy/mask-warnings";
import { columnPattern, splitPattern } from "@/lib/policy/pattern";
import { listMasks } from "./list-masks";

/** How many of the matching columns are named, and how many kinds of columns a preview shows. */
const NAMED = 200;
const PREVIEWED = 4;

export const maskQuestion = z.strictObject({
  connectionId: z.ulid(),
  /** The columns or patterns that would get it. */
  columns: z.array(maskFields.shape.column).min(1).max(2000),
  mask: maskFields.omit({ column: true }).superRefine(checkOptions),
});

export interface MaskCheck {
  /** Columns that the patterns match; null while the schema is not known. */
  readonly matches: {
    readonly count: number;
    readonly columns: readonly {
      readonly name: string;
      readonly columnType: string;
      /** The more specific mask that counts for it instead; null: this one. */
      readonly other: string | null;
    }[];
  } | null;
  /** Made-up values that fit the columns, and what clients would see of them. */
  readonly previews: readonly {
    readonly column: string;
    readonly columnType: string;
    readonly rows: readonly PreviewRow[];
  }[];
  readonly warnings: readonly string[];
}

/** What a mask that nobody has saved would do: which columns it matches, and how made-up values would look. Reads no value. Throws FORBIDDEN, INVALID_INPUT. */
export async function checkMask(ctx: Ctx, input: unknown): Promise<MaskCheck> {
  authorise(ctx, "policies:view");
  const { connectionId, columns, mask } = parseInput(maskQuestion, input, "The mask");
  const [{ known }, stored] = await Promise.all([loadCatalogue(ctx.db, connectionId), listMasks(ctx, connectionId)]);
  const drafts = columns.map((column): Mask => ({ column, ...mask }));
  if (known === null) return { matches: null, previews: [unknownPreview(drafts)], warnings: [] };
  const mine = new Set(drafts.map((one) => patternKey(one.column)));
  const others = stored.filter((one) => one.problem === null && !mine.has(patternKey(one.column)));
  const all = compileMasks([...others, ...drafts], []);
  const own = new Set<Mask>(drafts);
  const tests = drafts.map((one) => columnPattern(one.column.toLowerCase()));
  const found = known.catalogue.snapshot.tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      const base = { schema: table.schema, table: table.name, column: column.name };
      const folded = {
        schema: base.schema.toLowerCase(),
        table: base.table.toLowerCase(),
        column: base.column.toLowerCase(),
      };
      if (folded.schema === "information_schema" || !tests.some((test) => test?.matches(folded))) return [];
      const counting = all.configured(base);
      const other = counting === null || own.has(counting) ? null : counting.column;
      return [{ name: `${base.schema}.${base.table}.${base.column}`, column, other }];
    }),
  );
  const kinds = new Map(found.map((one) => [`${one.column.columnType}`, one]));
  const shown = [...kinds.values()].slice(0, PREVIEWED);
  return {
    matches: {
      count: found.length,
      columns: found.slice(0, NAMED).map(({ name, column, other }) => ({ name, columnType: column.columnType, other })),
    },
    previews:
      shown.length === 0
        ? [unknownPreview(drafts)]
        : shown.map(({ name, column }) => ({
            column: name,
            columnType: column.columnType,
            rows: previewOf(mask, column),
          })),
    warnings: maskWarnings(drafts, known.catalogue).map((one) => one.message),
  };
}

/** Where no column is known: text, by the name that the pattern gives. */
function unknownPreview(drafts: readonly Mask[]): MaskCheck["previews"][number] {
  const [first] = drafts;
  const name = (splitPattern(first?.column ?? "") ?? []).at(-1)?.replaceAll("*", "") ?? "";
  const column = { name, dataType: "varchar", columnType: "varchar(80)" };
  return {
    column: first?.column ?? "",
    columnType: "varchar(80)",
    rows: first === undefined ? [] : previewOf(first, column),
  };
}
