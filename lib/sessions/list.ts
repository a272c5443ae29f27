import { and, eq, isNull, or, type SQL } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { boundedScan } from "@/lib/db/bounded-scan";
import { decodeCursor, type Page, readPage, type Scan } from "@/lib/db/keyset";
import { gateways, sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import type { SessionFilter } from "./filter";
import { isCutUnmarked, isOver, isRunning } from "./live-state";
import { type Outcome, outcomeStrips } from "./outcomes";
import { describeSession, type SessionFacts, selectSessions } from "./rows";

export const SESSION_PAGE_SIZE = 50;
/** How many rows one page looks at, when a condition has no index. */
export const SESSION_SEARCH_WINDOW = 20_000;

export interface SessionRow extends SessionFacts {
  /** The last statements' outcomes, oldest first. */
  readonly outcomes: readonly Outcome[];
}

/** A page of sessions. `searchedTo` is set when the search stopped at that time without having filled the page. */
export interface SessionPage extends Page<SessionRow> {
  readonly searchedTo: Date | null;
}

interface Plan {
  readonly index: string;
  readonly driving: SQL | undefined;
  readonly residual: readonly SQL[];
}

/** Open rows are few and have an index; then an identity, a connection, else the ids alone. The rest is checked row by row. */
function planSessions(filter: SessionFilter, now: Date): Plan {
  const identity = filter.identity === undefined ? undefined : eq(sessions.identityId, filter.identity);
  const connection = filter.connection === undefined ? undefined : eq(sessions.connectionName, filter.connection);
  const reason =
    filter.reason === "cut"
      ? or(eq(sessions.endReason, "cut"), isCutUnmarked(now))
      : filter.reason && eq(sessions.endReason, filter.reason);
  const state = filter.state && (filter.state === "live" ? isRunning(now) : isOver(now));
  const given = (conditions: readonly (SQL | undefined)[]) => conditions.filter((c) => c !== undefined);
  if (filter.state === "live") {
    const residual = given([state, identity, connection, reason]);
    return { index: "sessions_open", driving: isNull(sessions.endedAt), residual };
  }
  if (identity !== undefined) {
    return { index: "sessions_identity", driving: identity, residual: given([connection, reason, state]) };
  }
  if (connection !== undefined) {
    return { index: "sessions_connection_name", driving: connection, residual: given([reason, state]) };
  }
  return { index: "PRIMARY", driving: undefined, residual: given([reason, state]) };
}

async function scanSessions(db: Ctx["db"], filter: SessionFilter, scan: Scan, limit: number, now: Date) {
  const plan = planSessions(filter, now);
  const range = [plan.driving, scan.from, ...timeRangeBounds(sessions.id, filter, now)];
  const read = async (until: SQL | undefined) => {
    const rows = await selectSessions(db, plan.index)
      .where(and(...range, until, ...plan.residual))
      .orderBy(scan.orderBy)
      .limit(limit);
    return rows.map((row) => describeSession(row, now));
  };
  if (plan.residual.length === 0) {
    return { rows: await read(undefined), stoppedAt: null };
  }
  const edge = async (offset: number) => {
    const [row] = await db
      .select({ id: sessions.id })
      .from(sessions, { forceIndex: plan.index })
      .where(and(...range))
      .orderBy(scan.orderBy)
      .limit(1)
      .offset(offset);
    return row?.id ?? null;
  };
  return boundedScan(scan, sessions.id, SESSION_SEARCH_WINDOW, edge, read, limit);
}

export interface ListSessions {
  readonly filter: SessionFilter;
  readonly cursor?: string | null;
  readonly size?: number;
  readonly now?: Date;
}

/** Sessions that meet the filter, newest first. Throws FORBIDDEN, and INVALID_INPUT for a cursor that no list made. */
export async function listSessions(ctx: Ctx, input: ListSessions): Promise<SessionPage> {
  authorise(ctx, "sessions:view");
  const now = input.now ?? (await storeNow(ctx.db));
  let stoppedAt: string | null = null;
  const page = await readPage(
    {
      id: sessions.id,
      order: "newest",
      cursor: decodeCursor(input.cursor),
      size: input.size ?? SESSION_PAGE_SIZE,
    },
    async (scan, limit) => {
      const read = await scanSessions(ctx.db, input.filter, scan, limit, now);
      stoppedAt = read.stoppedAt;
      return read;
    },
  );
  const strips = await outcomeStrips(
    ctx.db,
    page.rows.map((row) => row.id),
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({ ...row, outcomes: strips.get(row.id) ?? [] })),
    searchedTo: stoppedAt === null ? null : instantOfId(stoppedAt),
  };
}

/** How many sessions are running now. Throws FORBIDDEN. */
export async function countLiveSessions(ctx: Ctx, now?: Date): Promise<number> {
  authorise(ctx, "sessions:view");
  const at = now ?? (await storeNow(ctx.db));
  return ctx.db.$count(
    ctx.db
      .select({ id: sessions.id })
      .from(sessions)
      .innerJoin(gateways, eq(gateways.id, sessions.gatewayId))
      .where(isRunning(at))
      .as("live"),
  );
}
