import { and, eq, not, or, type SQL, sql } from "drizzle-orm";
import { gateways, sessions, statements } from "@/lib/db/schema";
import type { STATEMENT_STATES } from "@/lib/db/schema/statements";
import { HEARTBEAT_LIMIT_MS } from "@/lib/sessions/live-state";

type StatementState = (typeof STATEMENT_STATES)[number];

/** The session was cut, whether a row says so yet or not: see sessionState. Asked of the few statements that have no end. */
const sessionCut = sql`EXISTS (SELECT 1 FROM ${sessions} INNER JOIN ${gateways} ON ${gateways.id} = ${sessions.gatewayId}
  WHERE ${sessions.id} = ${statements.sessionId} AND (${sessions.endReason} = 'cut' OR (${sessions.endedAt} IS NULL
  AND (${gateways.stoppedAt} IS NOT NULL
    OR ${gateways.heartbeatAt} < UTC_TIMESTAMP(3) - INTERVAL ${sql.raw(String(HEARTBEAT_LIMIT_MS / 1000))} SECOND))))`;

/**
 * What is known of a statement's outcome. The record has it as running until its gateway's spool says more, which it never does when that
 * machine is gone: in a session that was cut nothing runs any more.
 */
export const KNOWN_STATE = sql<StatementState>`CASE WHEN ${statements.state} = 'running' AND ${sessionCut} THEN 'unknown' ELSE ${statements.state} END`;

/** The same as a condition. */
export function isInState(state: StatementState): SQL | undefined {
  const running = eq(statements.state, "running");
  switch (state) {
    case "running":
      return and(running, not(sessionCut));
    case "unknown":
      return or(eq(statements.state, "unknown"), and(running, sessionCut));
    case "done":
      return eq(statements.state, "done");
    default:
      return state satisfies never;
  }
}
