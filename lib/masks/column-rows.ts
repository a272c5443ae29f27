import { z } from "zod";
import { compileMasks, patternKey } from "@/lib/masking/mask-set";
import { exactColumnPattern } from "@/lib/policy/pattern";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { MaskView } from "./list-masks";

export const COLUMN_VIEWS = ["masked", "unmasked", "suggested"] as const;
export type ColumnView = (typeof COLUMN_VIEWS)[number];

/** What the list of columns can be narrowed to. */
export const columnFilter = z.strictObject({
  show: z.enum(COLUMN_VIEWS).optional(),
  /** A part of `schema.table.column`. */
  q: z.string().max(500).optional(),
  table: z.strictObject({ schema: z.string().max(64), table: z.string().max(64) }).optional(),
});
export type ColumnFilter = z.output<typeof columnFilter>;

/** What the catalogue suspects a column to hold, while nobody has said otherwise. */
export interface ColumnTag {
  readonly findingId: string;
  readonly kind: string;
  readonly confidence: number;
  readonly status: "open" | "accepted" | "dismissed";
}

export interface ColumnRow {
  /** The pattern that means this column; null where a pattern can not name it. */
  readonly name: string | null;
  readonly schema: string;
  readonly table: string;
  readonly view: boolean;
  readonly column: string;
  readonly dataType: string;
  readonly columnType: string;
  readonly primaryKey: boolean;
  /** The mask that counts for it, and whether its pattern is this column alone. */
  readonly mask: MaskView | null;
  readonly ownMask: boolean;
  readonly tag: ColumnTag | null;
}

/** Where a finding is about a column; the key of `tags` below. */
export const placeKey = (schema: string, table: string, column: string) => [schema, table, column].join("\0");

/** Every column of a connection with the mask that counts for it, server's own schemas left out; in the order of the tables. */
export function columnRows(
  tables: readonly CatalogueTable[],
  masks: readonly MaskView[],
  tags: ReadonlyMap<string, ColumnTag>,
): ColumnRow[] {
  const set = compileMasks(masks, []);
  // What the set gives back is one of those it was made of.
  const viewOf = new Map<unknown, MaskView>(masks.map((one) => [one, one]));
  return tables
    .filter((one) => one.schema.toLowerCase() !== "information_schema")
    .toSorted((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name))
    .flatMap((table) => {
      const primary = new Set(table.primaryKey);
      return table.columns.map(({ name, dataType, columnType }): ColumnRow => {
        const base = { schema: table.schema, table: table.name, column: name };
        const pattern = exactColumnPattern(base);
        const mask = viewOf.get(set.configured(base)) ?? null;
        return {
          name: pattern,
          ...base,
          view: table.kind === "view",
          dataType,
          columnType,
          primaryKey: primary.has(name),
          mask,
          ownMask: mask !== null && pattern !== null && sameColumn(mask.column, pattern),
          tag: tags.get(placeKey(base.schema, base.table, name)) ?? null,
        };
      });
    });
}

const sameColumn = (a: string, b: string) => patternKey(a.toLowerCase()) === patternKey(b.toLowerCase());
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The rows that meet the filter. */
export function filterColumns(rows: readonly ColumnRow[], { show, q, table }: ColumnFilter): ColumnRow[] {
  const wanted = q?.trim().toLowerCase() ?? "";
  return rows.filter(
    (row) =>
      (table === undefined || (row.schema === table.schema && row.table === table.table)) &&
      (show !== "masked" || row.mask !== null) &&
      (show !== "unmasked" || row.mask === null) &&
      (show !== "suggested" || row.tag?.status === "open") &&
      (wanted === "" || `${row.schema}.${row.table}.${row.column}`.toLowerCase().includes(wanted)),
  );
}
