import { and, asc, desc, eq, gte, lte, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { columnReads, identities } from "@/lib/db/schema";
import { timeRangeFields } from "@/lib/db/time-range";
import { ulidText } from "@/lib/db/ulid-bounds";
import { rangeStart } from "@/lib/time-range";

/** Which reads of columns are asked for: those of one column, or those of one identity. Times count by whole days (UTC). */
export const columnReadFilter = z.strictObject({
  connection: z.string().min(1).max(32).optional(),
  /** `schema.table.column` */
  column: z.string().min(5).max(200).optional(),
  identity: ulidText.optional(),
  /** Only values that came in clear, or only hidden ones. */
  seen: z.enum(["clear", "masked"]).optional(),
  ...timeRangeFields,
});
export type ColumnReadFilter = z.output<typeof columnReadFilter>;

export const COLUMN_READ_LIMIT = 1_000;

/** How often one identity got a column's values in one way. */
export interface ColumnRead {
  readonly connectionName: string;
  readonly column: string;
  readonly identityId: string;
  /** Null when the identity's row is gone. */
  readonly identityName: string | null;
  /** The mask's method, or `clear`. */
  readonly how: string;
  readonly statements: number;
  readonly rows: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastStatementId: string;
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

function conditions(filter: ColumnReadFilter, now: Date): (SQL | undefined)[] {
  const { connection, column, identity, seen, to } = filter;
  const from = rangeStart(filter.range, now) ?? filter.from;
  return [
    connection === undefined ? undefined : eq(columnReads.connectionName, connection),
    column === undefined ? undefined : eq(columnReads.column, column),
    identity === undefined ? undefined : eq(columnReads.identityId, identity),
    seen === undefined ? undefined : sql`(${columnReads.how} = 'clear') = ${seen === "clear"}`,
    from === undefined ? undefined : gte(columnReads.day, dayOf(from)),
    to === undefined ? undefined : lte(columnReads.day, dayOf(new Date(to.getTime() - 1))),
  ];
}

/**
 * Who got values of columns in results, by identity and by how they came; most rows first, at most `most`; `more` tells that
 * there are others. Ask for a column of a connection, or for an identity. Throws FORBIDDEN.
 */
export async function whoSaw(
  ctx: Ctx,
  filter: ColumnReadFilter,
  now: Date = new Date(),
  most: number = COLUMN_READ_LIMIT,
): Promise<{ readonly rows: readonly ColumnRead[]; readonly more: boolean }> {
  authorise(ctx, "statements:view");
  const { connectionName, column, identityId, how } = columnReads;
  const rowsOf = sql<number>`SUM(${columnReads.rows})`.mapWith(Number);
  const found = await ctx.db
    .select({
      connectionName,
      column,
      identityId,
      identityName: sql<string | null>`MAX(${identities.displayName})`,
      how,
      statements: sql<number>`SUM(${columnReads.statements})`.mapWith(Number),
      rows: rowsOf,
      firstAt: sql<Date>`MIN(${columnReads.firstAt})`.mapWith(columnReads.firstAt),
      lastAt: sql<Date>`MAX(${columnReads.lastAt})`.mapWith(columnReads.lastAt),
      // Ids sort by time: the newest of the days' last ones.
      lastStatementId: sql<string>`MAX(${columnReads.lastStatementId})`,
    })
    .from(columnReads)
    .leftJoin(identities, eq(identities.id, identityId))
    .where(and(...conditions(filter, now)))
    .groupBy(connectionName, column, identityId, how)
    .orderBy(desc(rowsOf), asc(column), asc(identityId), asc(how))
    .limit(most + 1);
  return { rows: found.slice(0, most), more: found.length > most };
}
