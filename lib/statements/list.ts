import { desc, eq, inArray, lt } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import {
  type Cursor,
  decodeCursor,
  type Order,
  type Page,
  type Read,
  readPage,
  type Scan,
  scanOf,
} from "@/lib/db/keyset";
import { identities, statements } from "@/lib/db/schema";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import { planStatements } from "./driving-index";
import type { StatementFilter } from "./filter";
import { KNOWN_STATE } from "./known-state";
import { resolveFilter, templatesWithText } from "./resolve";
import { SEARCH_WINDOW, type SearchWindow, scanIds } from "./scan";
import { SQL_PREVIEW } from "./sql-preview";

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
  state: KNOWN_STATE,
  sqlPreview: SQL_PREVIEW,
  sqlBytes: statements.sqlBytes,
  durationUs: statements.durationUs,
  waitedUs: statements.waitedUs,
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
  approvalId: statements.approvalId,
  statementClass: statements.statementClass,
  templateHash: statements.templateHash,
};

function selectRows(db: Ctx["db"], ids: readonly string[]) {
  return db
    .select(columns)
    .from(statements)
    .leftJoin(identities, eq(identities.id, statements.identityId))
    .where(inArray(statements.id, [...ids]));
}

/** The rows of these ids, in their order. */
async function readRows(db: Ctx["db"], ids: readonly string[]) {
  if (ids.length === 0) return [];
  const rows = new Map((await selectRows(db, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** One statement as lists show it; durations in microseconds, sizes in bytes. */
export type StatementRow = Awaited<ReturnType<typeof selectRows>>[number];

/** A page of statements. `searchedTo` is set when the search stopped at that time without having filled the page. */
export interface StatementPage extends Page<StatementRow> {
  readonly searchedTo: Date | null;
  /**
   * Statements before `searchedTo` whose template holds the text: found at once, however old. They come again in their place when the
   * search goes on.
   */
  readonly further: readonly StatementRow[];
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
  const plans = planStatements(filter, await resolveFilter(db, filter));
  const range = [scan.from, ...timeRangeBounds(statements.id, filter, new Date())];
  const { rows, stoppedAt } = await scanIds(db, plans, range, scan, limit, window);
  return { rows: await readRows(db, rows), stoppedAt };
}

/** Statements behind where a search for text stopped, by the templates that hold the text. */
async function readFurther(
  db: Ctx["db"],
  filter: StatementFilter,
  stoppedAt: string,
  limit: number,
): Promise<StatementRow[]> {
  const [hashes, resolved] = await Promise.all([templatesWithText(db, filter), resolveFilter(db, filter)]);
  const templates = hashes
    .filter((hash) => filter.template === undefined || hash === filter.template)
    .flatMap((hash) => resolved.templates?.filter((one) => one.hash === hash) ?? { hash, where: undefined });
  const plan = planStatements(filter, { ...resolved, templates }).find((one) => one.index === "statements_template");
  if (plan === undefined || templates.length === 0) return [];
  const range = [lt(statements.id, stoppedAt), ...timeRangeBounds(statements.id, filter, new Date())];
  const scan = scanOf(statements.id, "newest", null);
  return readRows(db, (await scanIds(db, [plan], range, scan, limit, SEARCH_WINDOW)).rows);
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
  const { order = "newest", size = STATEMENT_PAGE_SIZE } = input;
  let stoppedAt: string | null = null;
  const page = await readPage({ id: statements.id, order, cursor, size }, async (scan, limit) => {
    const read = await scanStatements(ctx.db, input.filter, scan, limit, window);
    stoppedAt = read.stoppedAt;
    return read;
  });
  if (stoppedAt === null) return { ...page, searchedTo: null, further: [] };
  const missing = size - page.rows.length;
  const behind = input.filter.text !== undefined && cursor?.side !== "previous" && order === "newest" && missing > 0;
  return {
    ...page,
    searchedTo: instantOfId(stoppedAt),
    further: behind ? await readFurther(ctx.db, input.filter, stoppedAt, missing) : [],
  };
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
