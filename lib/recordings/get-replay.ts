import { and, asc, eq, gt, inArray, or } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { sessions, statements } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { SallyportError } from "@/lib/errors/error";
import { describeSession, type SessionFacts, selectSessions } from "@/lib/sessions/rows";
import { type ChunkHead, readChunkHeads } from "./chunk-heads";
import { readHeldStatements } from "./held-statements";
import { readReplayApprovals } from "./replay-approvals";
import { cursorBehind, decodeReplayCursor, encodeReplayCursor, type ReplayCursor } from "./replay-cursor";
import type { Replay, ReplayApproval, ReplayStatement } from "./replay-model";
import { sinceStart, timelineColumns, timelineStatement } from "./replay-rows";

/** Most statements of one answer; the question with its cursor brings the next. */
export const REPLAY_STATEMENTS = 50_000;

/** All of a session that is known without opening its recording, with its first `most` statements. Throws FORBIDDEN, NOT_FOUND. */
export async function getReplay(ctx: Ctx, sessionId: string, most: number = REPLAY_STATEMENTS): Promise<Replay> {
  return readReplay(ctx, sessionId, null, most);
}

/**
 * The same behind `cursor`: `statements` are those that came since, had no outcome then or wait for a reviewer, everything else is as it is now.
 * Throws FORBIDDEN, NOT_FOUND, and INVALID_INPUT for a cursor that no replay gave.
 */
export async function getReplayChanges(
  ctx: Ctx,
  sessionId: string,
  cursor: string,
  most: number = REPLAY_STATEMENTS,
): Promise<Replay> {
  return readReplay(ctx, sessionId, decodeReplayCursor(cursor), most);
}

/** The session that a replay is of. Throws NOT_FOUND. */
export async function replayedSession(db: DbOrTx, sessionId: string): Promise<SessionFacts> {
  const [[row], now] = await Promise.all([selectSessions(db).where(eq(sessions.id, sessionId)), storeNow(db)]);
  if (row !== undefined) return describeSession(row, now);
  throw new SallyportError("NOT_FOUND", "There is no session with this id", {
    next: "Look for it in the list of sessions",
  });
}

async function readReplay(ctx: Ctx, sessionId: string, cursor: ReplayCursor | null, most: number): Promise<Replay> {
  authorise(ctx, "recordings:view");
  const session = await replayedSession(ctx.db, sessionId);
  // Those that wait come first: what has its own row by then takes the place of the waiting one.
  const held = await readHeldStatements(ctx.db, session);
  const [rows, heads] = await Promise.all([
    readTimeline(ctx.db, sessionId, cursor, most),
    readChunkHeads(ctx.db, sessionId),
  ]);
  const used = [...new Set(rows.flatMap(({ approvalId }) => approvalId ?? []))];
  const approvals = await readReplayApprovals(ctx.db, session, used);
  const written = rows.map((row) => timelineStatement(row, session.startedAt));
  const timeline = [...written, ...held.filter(({ id }) => written.every((row) => row.id !== id))];
  return {
    session: {
      id: session.id,
      identityId: session.identityId,
      identityName: session.identityName,
      connectionName: session.connectionName,
      clientProgram: session.clientProgram,
      clientAddress: session.clientAddress,
      startedAt: session.startedAt.getTime(),
      endedAt: session.endedAt?.getTime() ?? null,
      endReason: session.endReason,
      live: session.state === "live" || session.state === "ending",
    },
    recorded: session.recordedResults,
    chunks: chunkFacts(heads),
    endUs: endOf(session, timeline, heads, approvals),
    statements: timeline,
    approvals,
    // Statements before a waiting one may still be on their way: it moves no cursor.
    cursor: encodeReplayCursor(cursorBehind(cursor, written)),
    more: rows.length === most,
  };
}

/** Statements of a session behind the cursor, in order; the ids of one session are in the order in which it sent them. */
function readTimeline(db: DbOrTx, sessionId: string, cursor: ReplayCursor | null, most: number) {
  const since = cursor === null ? undefined : gt(statements.id, cursor.after);
  const running = cursor === null || cursor.running.length === 0 ? undefined : inArray(statements.id, cursor.running);
  return db
    .select(timelineColumns)
    .from(statements, { forceIndex: "statements_session" })
    .where(and(eq(statements.sessionId, sessionId), running === undefined ? since : or(since, running)))
    .orderBy(asc(statements.id))
    .limit(most);
}

function chunkFacts(heads: readonly ChunkHead[]): Replay["chunks"] {
  const expired = heads.flatMap(({ expiredAt }) => (expiredAt === null ? [] : [expiredAt.getTime()]));
  const sum = (of: (head: ChunkHead) => number) => heads.reduce((total, head) => total + of(head), 0);
  return {
    count: heads.length,
    storedBytes: sum((head) => head.storedBytes),
    rawBytes: sum((head) => head.rawBytes),
    expired: expired.length,
    expiredAt: expired.length === 0 ? null : Math.max(...expired),
  };
}

/** The last that is known to have happened. */
function endOf(
  session: SessionFacts,
  timeline: readonly ReplayStatement[],
  heads: readonly ChunkHead[],
  approvals: readonly ReplayApproval[],
): number {
  const last = timeline.at(-1);
  return Math.max(
    0,
    session.endedAt === null ? 0 : sinceStart(session.startedAt, session.endedAt),
    last === undefined ? 0 : last.atUs + last.durationUs,
    heads.at(-1)?.lastUs ?? 0,
    ...approvals.map(({ requestedUs, decidedUs }) => decidedUs ?? requestedUs),
  );
}
