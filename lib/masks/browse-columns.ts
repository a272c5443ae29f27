import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import { may } from "@/lib/auth/roles";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { columnFindings, masks as maskTable } from "@/lib/db/schema";
import { type ColumnFilter, type ColumnRow, type ColumnTag, columnRows, filterColumns, placeKey } from "./column-rows";
import { listMasks, type MaskView } from "./list-masks";

export const COLUMN_PAGE_SIZE = 100;

export interface MaskedSchema {
  /** Null while no gateway has read the upstream's schema. */
  readonly columns: {
    readonly rows: readonly ColumnRow[];
    readonly next: string | null;
    readonly previous: string | null;
    /** How many meet the filter. */
    readonly found: number;
    readonly total: number;
    readonly masked: number;
    readonly suggested: number;
    /** Tables that hold masked columns, with how many. */
    readonly tables: readonly { readonly schema: string; readonly table: string; readonly masked: number }[];
  } | null;
  /** All masks of the connection, each with how many columns it counts for. */
  readonly masks: readonly (MaskView & { readonly counts: number })[];
  /** Every join class in use, on any connection. */
  readonly joinClasses: readonly string[];
}

/**
 * A page of a connection's columns with what hides them. `cursor` is the number of rows before the page: a schema changes seldom, and is
 * read as a whole. Tags need findings:view. Throws FORBIDDEN.
 */
export async function browseColumns(
  ctx: Ctx,
  connectionId: string,
  filter: ColumnFilter,
  cursor: string | null,
): Promise<MaskedSchema> {
  authorise(ctx, "policies:view");
  const [{ known }, masks, tags, classes] = await Promise.all([
    loadCatalogue(ctx.db, connectionId),
    listMasks(ctx, connectionId),
    columnTags(ctx, connectionId),
    ctx.db.selectDistinct({ name: maskTable.joinClass }).from(maskTable).orderBy(asc(maskTable.joinClass)),
  ]);
  const joinClasses = classes.flatMap(({ name }) => (name === null ? [] : [name]));
  if (known === null) return { columns: null, masks: masks.map((one) => ({ ...one, counts: 0 })), joinClasses };
  const all = columnRows(known.catalogue.snapshot.tables, masks, tags);
  const found = filterColumns(all, filter);
  const from = Math.min(Math.max(Number.parseInt(cursor ?? "0", 10) || 0, 0), Math.max(found.length - 1, 0));
  const counts = new Map<string, number>();
  const tables = new Map<string, { schema: string; table: string; masked: number }>();
  for (const { mask, schema, table } of all) {
    if (mask === null) continue;
    counts.set(mask.id, (counts.get(mask.id) ?? 0) + 1);
    const key = `${schema}\0${table}`;
    tables.set(key, { schema, table, masked: (tables.get(key)?.masked ?? 0) + 1 });
  }
  const until = from + COLUMN_PAGE_SIZE;
  return {
    columns: {
      rows: found.slice(from, until),
      next: until < found.length ? String(until) : null,
      previous: from > 0 ? String(Math.max(from - COLUMN_PAGE_SIZE, 0)) : null,
      found: found.length,
      total: all.length,
      masked: all.filter((row) => row.mask !== null).length,
      suggested: all.filter((row) => row.tag?.status === "open").length,
      tables: [...tables.values()],
    },
    masks: masks.map((one) => ({ ...one, counts: counts.get(one.id) ?? 0 })),
    joinClasses,
  };
}

async function columnTags(ctx: Ctx, connectionId: string): Promise<ReadonlyMap<string, ColumnTag>> {
  if (ctx.actor.kind === "person" && !may(ctx.actor.roles, "findings:view")) return new Map();
  const rows = await ctx.db.select().from(columnFindings).where(eq(columnFindings.connectionId, connectionId));
  return new Map(
    rows.map(({ id, schema, table, column, kind, confidence, status }) => [
      placeKey(schema, table, column),
      { findingId: id, kind, confidence, status },
    ]),
  );
}
