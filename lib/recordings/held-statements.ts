import { and, desc, eq, isNull } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { approvals, statements } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { instantOfId } from "@/lib/db/ulid-bounds";
import type { SessionFacts } from "@/lib/sessions/rows";
import { keptParameters } from "./kept-parameters";
import type { ReplayStatement, StatementReplay } from "./replay-model";
import { sinceStart, TIMELINE_SQL } from "./replay-rows";

type Request = typeof approvals.$inferSelect;

/**
 * The statements whose client waits for a reviewer: until they go upstream or are refused, the request for approval is all there is of them.
 * Their own rows have the same ids, and take their places.
 */
export async function readHeldStatements(db: DbOrTx, session: SessionFacts): Promise<ReplayStatement[]> {
  const [requests, now] = await Promise.all([heldRequests(db, session), storeNow(db)]);
  if (requests.length === 0) return [];
  const before = await lastSequence(db, session.id);
  return requests.map((request, at) => heldStatement(request, session, before + at + 1, now));
}

/** One of them in full; null when nobody waits for it. */
export async function readHeldStatement(
  db: DbOrTx,
  session: SessionFacts,
  statementId: string,
): Promise<StatementReplay | null> {
  const [requests, now] = await Promise.all([heldRequests(db, session), storeNow(db)]);
  const at = requests.findIndex((one) => one.statementId === statementId);
  const request = requests[at];
  if (request === undefined) return null;
  const sequence = (await lastSequence(db, session.id)) + at + 1;
  return {
    statement: heldStatement(request, session, sequence, now),
    sql: request.sql,
    sqlBytes: Buffer.byteLength(request.sql),
    sqlCut: false,
    defaultSchema: request.defaultSchema,
    parameters: keptParameters(request.parameters),
    decision: {
      effect: "review",
      policyName: request.policyName,
      ruleName: request.ruleName,
      reason: request.reason,
      exempt: request.masking?.exempt ?? [],
    },
    error: null,
    missing: "not_here_yet",
    results: [],
    firstByteUs: null,
  };
}

/** In the order in which the session asked. A session that is over waits for nothing, whatever its requests say. */
async function heldRequests(db: DbOrTx, session: SessionFacts): Promise<Request[]> {
  if (session.state !== "live" && session.state !== "ending") return [];
  const rows = await db
    .select({ request: approvals })
    .from(approvals)
    .leftJoin(statements, eq(statements.id, approvals.statementId))
    .where(
      and(
        eq(approvals.sessionId, session.id),
        eq(approvals.state, "pending"),
        eq(approvals.holdState, "held"),
        isNull(statements.id),
      ),
    )
    .orderBy(approvals.statementId);
  return rows.map(({ request }) => request);
}

async function lastSequence(db: DbOrTx, sessionId: string): Promise<number> {
  const [last] = await db
    .select({ sequence: statements.sequence })
    .from(statements, { forceIndex: "statements_session" })
    .where(eq(statements.sessionId, sessionId))
    .orderBy(desc(statements.id))
    .limit(1);
  return last?.sequence ?? 0;
}

function heldStatement(request: Request, session: SessionFacts, sequence: number, now: Date): ReplayStatement {
  // Its id was made when it arrived; the request may be older, of a client that asked for the same before.
  const atUs = sinceStart(session.startedAt, instantOfId(request.statementId));
  return {
    id: request.statementId,
    sequence,
    state: "running",
    command: request.parameters.length === 0 ? "query" : "execute",
    atUs,
    waitedUs: null,
    durationUs: Math.max(0, sinceStart(session.startedAt, now) - atUs),
    sql: request.sql.slice(0, TIMELINE_SQL),
    statementClass: request.statementClass,
    effect: "review",
    errorNumber: null,
    rows: 0,
    affectedRows: 0,
    maskedRows: 0,
    approvalId: request.id,
  };
}
