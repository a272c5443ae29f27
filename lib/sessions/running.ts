import { and, asc, count, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { gateways, identities, liveSessions, sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { ulidText } from "@/lib/db/ulid-bounds";
import { HEARTBEAT_LIMIT_MS, isRunning } from "./live-state";

/** Rows of the page: more run only where something is very wrong, and the longest come first. */
const ROWS = 500;

/** What the page of running statements can be narrowed to. */
export const runningFilter = z.strictObject({
  identity: ulidText.optional(),
  connection: z.string().min(1).max(32).optional(),
  /** running: at the server; held: waits for a person; transaction: open between two statements. */
  doing: z.enum(["running", "held", "transaction"]).optional(),
  q: z.string().min(1).max(200).optional(),
});
export type RunningFilter = z.output<typeof runningFilter>;

/** A session that is doing something now. */
export interface RunningSession {
  readonly sessionId: string;
  readonly identityId: string;
  readonly identityName: string;
  readonly identityStatus: "active" | "suspended";
  readonly connectionName: string;
  readonly clientProgram: string | null;
  readonly clientAddress: string;
  readonly sessionStartedAt: Date;
  /** null: nothing runs, a transaction is open. */
  readonly statementId: string | null;
  /** At most 1000 characters. */
  readonly sql: string | null;
  readonly statementAt: Date | null;
  readonly held: boolean;
  readonly inTransaction: boolean;
  readonly rows: number;
  readonly bytes: number;
  /** Somebody asked for its end already. */
  readonly ending: boolean;
}

/** Everything that runs, by the store's clock at `now`. */
export interface Running {
  readonly now: Date;
  readonly sessions: readonly RunningSession[];
  /** Sessions that are logged in, busy or not. */
  readonly open: number;
}

/** What runs right now, the longest first; what a gateway has not confirmed for ten seconds is left out. Throws FORBIDDEN. */
export async function listRunning(ctx: Ctx, filter: RunningFilter = {}): Promise<Running> {
  authorise(ctx, "sessions:view");
  const now = await storeNow(ctx.db);
  const { identity, connection, doing, q } = filter;
  const rows = await ctx.db
    .select({
      sessionId: sessions.id,
      identityId: sessions.identityId,
      identityName: identities.displayName,
      identityStatus: identities.status,
      connectionName: sessions.connectionName,
      clientProgram: sessions.clientProgram,
      clientAddress: sessions.clientAddress,
      sessionStartedAt: sessions.startedAt,
      statementId: liveSessions.statementId,
      sql: liveSessions.sql,
      statementAt: liveSessions.statementAt,
      held: liveSessions.held,
      inTransaction: liveSessions.inTransaction,
      rows: liveSessions.rows,
      bytes: liveSessions.bytes,
      killRequestedAt: sessions.killRequestedAt,
      killStatementOnly: sessions.killStatementOnly,
    })
    .from(liveSessions)
    .innerJoin(sessions, eq(sessions.id, liveSessions.sessionId))
    .innerJoin(identities, eq(identities.id, sessions.identityId))
    .innerJoin(gateways, eq(gateways.id, sessions.gatewayId))
    .where(
      and(
        isRunning(now),
        gt(liveSessions.updatedAt, new Date(now.getTime() - HEARTBEAT_LIMIT_MS)),
        identity === undefined ? undefined : eq(sessions.identityId, identity),
        connection === undefined ? undefined : eq(sessions.connectionName, connection),
        doing && doingIs(doing),
        q === undefined ? undefined : sql`LOCATE(${q}, ${liveSessions.sql}) > 0`,
      ),
    )
    .orderBy(sql`${liveSessions.statementAt} IS NULL`, asc(liveSessions.statementAt), asc(sessions.id))
    .limit(ROWS);
  const [open] = await ctx.db
    .select({ count: count() })
    .from(sessions)
    .innerJoin(gateways, eq(gateways.id, sessions.gatewayId))
    .where(isRunning(now));
  return {
    now,
    open: open?.count ?? 0,
    sessions: rows.map(({ killRequestedAt, killStatementOnly, ...row }) => ({
      ...row,
      ending: killRequestedAt !== null && !killStatementOnly,
    })),
  };
}

function doingIs(doing: NonNullable<RunningFilter["doing"]>) {
  switch (doing) {
    case "running":
      return sql`${liveSessions.statementId} IS NOT NULL AND NOT ${liveSessions.held}`;
    case "held":
      return sql`${liveSessions.held}`;
    case "transaction":
      return sql`${liveSessions.statementId} IS NULL AND ${liveSessions.inTransaction}`;
    default:
      return doing satisfies never;
  }
}

/** What ends with an identity's suspension: its live sessions, what they run, and transactions that roll back. Throws FORBIDDEN. */
export async function endsWithIdentity(ctx: Ctx, identityId: string) {
  authorise(ctx, "identities:edit");
  const now = await storeNow(ctx.db);
  const [open] = await ctx.db
    .select({ count: count() })
    .from(sessions)
    .innerJoin(gateways, eq(gateways.id, sessions.gatewayId))
    .where(and(eq(sessions.identityId, identityId), isRunning(now)));
  const { sessions: busy } = await listRunning(ctx, { identity: identityId });
  return {
    sessions: open?.count ?? 0,
    transactions: busy.filter((one) => one.inTransaction).length,
    statements: busy.flatMap((one) =>
      one.sql === null ? [] : [{ sql: one.sql, connection: one.connectionName, held: one.held }],
    ),
  };
}
