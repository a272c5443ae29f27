import { and, desc, eq, type SQL } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { boundedScan } from "@/lib/db/bounded-scan";
import { type Cursor, decodeCursor, type Order, type Page, type Read, readPage, type Scan } from "@/lib/db/keyset";
import { identities, statements } from "@/lib/db/schema";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import { planStatements } from "./driving-index";
import type { StatementFilter } from "./filter";
import { SQL_PREVIEW } from "./sql-preview";

/**
 * How many rows one page of a search looks at, when a condition has no index: a few tenths of a second on a small machine.
 * Rows found through a secondary index are read one by one, and cost about five times as much as a run of the primary key.
 */
export const SEARCH_WINDOW = { primary: 50_000, secondary: 10_000 } as const;
export type SearchWindow = { readonly primary: number; readonly secondary: number };
export const STATEMENT_PAGE_SIZE = 50;

const columns = {
  id: statements.id,
  sessionId: statements.sessionId,
  sequence: statements.sequence,
  at: statements.at,
  identityId: statements.identityId,
  /** Null when the identity's row is gone. */
  identityName: identities.displayName,
  connectionName: statements.connectionName,
  defaultSchema: statements.defaultSchema,
  command: statements.command,
  sqlPreview: SQL_PREVIEW,
  sqlBytes: statements.sqlBytes,
  durationUs: statements.durationUs,
  rowCount: statements.rowCount,
  affectedRows: statements.affectedRows,
  maskedRows: statements.maskedRows,
  resultBytes: statements.resultBytes,
  errorNumber: statements.errorNumber,
  errorMessage: statements.errorMessage,
  effect: statements.effect,
  policyName: statements.policyName,
  ruleName: statements.ruleName,
  decisionReason: statements.decisionReason,
};

async function readRows(
  db: Ctx["db"],
  index: string,
  where: readonly (SQL | undefined)[],
  orderBy: SQL,
  limit: number,
) {
  return db
    .select(columns)
    .from(statements, { forceIndex: index })
    .leftJoin(identities, eq(identities.id, statements.identityId))
    .where(and(...where))
    .orderBy(orderBy)
    .limit(limit);
}

/** One statement as lists show it; durations in microseconds, sizes in bytes. */
export type StatementRow = Awaited<ReturnType<typeof readRows>>[number];

/** A page of statements. `searchedTo` is set when the search stopped at that time without having filled the page. */
export interface StatementPage extends Page<StatementRow> {
  readonly searchedTo: Date | null;
}

export interface ListStatements {
  readonly filter: StatementFilter;
  readonly order?: Order;
  readonly cursor?: string | null;
  readonly size?: number;
}

async function scanStatements(
  db: Ctx["db"],
  filter: StatementFilter,
  scan: Scan,
  limit: number,
  window: SearchWindow,
): Promise<Read<StatementRow>> {
  const plan = planStatements(filter);
  const range = [plan.driving, scan.from, ...timeRangeBounds(statements.id, filter, new Date())];
  if (plan.residual.length === 0) {
    return { rows: await readRows(db, plan.index, range, scan.orderBy, limit), stoppedAt: null };
  }
  return boundedScan(
    scan,
    statements.id,
    plan.driving === undefined ? window.primary : window.secondary,
    async (offset) => {
      const [row] = await db
        .select({ id: statements.id })
        .from(statements, { forceIndex: plan.index })
        .where(and(...range))
        .orderBy(scan.orderBy)
        .limit(1)
        .offset(offset);
      return row?.id ?? null;
    },
    (until) => readRows(db, plan.index, [...range, until, ...plan.residual], scan.orderBy, limit),
    limit,
  );
}

/**
 * Statements that meet the filter, newest first unless said otherwise. Nothing is counted: `next` tells that there may be more.
 * Throws FORBIDDEN, and INVALID_INPUT for a cursor that no list made.
 */
export async function listStatements(
  ctx: Ctx,
  input: ListStatements,
  window: SearchWindow = SEARCH_WINDOW,
): Promise<StatementPage> {
  authorise(ctx, "statements:view");
  const cursor: Cursor | null = decodeCursor(input.cursor);
  let stoppedAt: string | null = null;
  const page = await readPage(
    { id: statements.id, order: input.order ?? "newest", cursor, size: input.size ?? STATEMENT_PAGE_SIZE },
    async (scan, limit) => {
      const read = await scanStatements(ctx.db, input.filter, scan, limit, window);
      stoppedAt = read.stoppedAt;
      return read;
    },
  );
  return { ...page, searchedTo: stoppedAt === null ? null : instantOfId(stoppedAt) };
}

/** How many new statements a list announces at most. */
export const NEW_STATEMENTS_LIMIT = 100;

/** How many statements that meet the filter were recorded after this one, at most NEW_STATEMENTS_LIMIT. Throws FORBIDDEN. */
export async function countNewerStatements(ctx: Ctx, filter: StatementFilter, afterId: string): Promise<number> {
  authorise(ctx, "statements:view");
  const page = await readPage(
    { id: statements.id, order: "oldest", cursor: { side: "next", id: afterId }, size: NEW_STATEMENTS_LIMIT },
    (scan, limit) => scanStatements(ctx.db, filter, scan, limit, SEARCH_WINDOW),
  );
  return page.rows.length;
}

/** The newest statement's id, or null in an empty store: from where a list counts what is new. Throws FORBIDDEN. */
export async function latestStatementId(ctx: Ctx): Promise<string | null> {
  authorise(ctx, "statements:view");
  const [row] = await ctx.db.select({ id: statements.id }).from(statements).orderBy(desc(statements.id)).limit(1);
  return row?.id ?? null;
}
