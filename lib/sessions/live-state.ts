import { and, gte, isNotNull, isNull, lt, or, type SQL } from "drizzle-orm";
import { gateways, sessions } from "@/lib/db/schema";
import type { SESSION_ENDS } from "@/lib/db/schema/sessions";

/** A gateway that has not written its heartbeat for this long is taken for dead. It writes one every second or two. */
export const HEARTBEAT_LIMIT_MS = 10_000;

export type SessionEndReason = (typeof SESSION_ENDS)[number];
export const SESSION_STATES = ["live", "ending", "ended", "cut"] as const;
/** `ending`: a kill is asked for and the gateway has not carried it out yet. `cut`: the gateway died; nobody saw the end. */
export type SessionState = (typeof SESSION_STATES)[number];

/** What the state is told from. */
export interface LiveFacts {
  readonly endedAt: Date | null;
  readonly endReason: SessionEndReason | null;
  readonly killRequestedAt: Date | null;
  readonly killStatementOnly: boolean;
  readonly gatewayHeartbeatAt: Date;
  readonly gatewayStoppedAt: Date | null;
}

/**
 * The session's state at `now`. A row that was never ended is believed only while its gateway shows signs of life, so that
 * a crash shows at once and not when somebody marks the rows.
 */
export function sessionState(facts: LiveFacts, now: Date): SessionState {
  if (facts.endedAt !== null) {
    return facts.endReason === "cut" ? "cut" : "ended";
  }
  if (facts.gatewayStoppedAt !== null || now.getTime() - facts.gatewayHeartbeatAt.getTime() > HEARTBEAT_LIMIT_MS) {
    return "cut";
  }
  return facts.killRequestedAt !== null && !facts.killStatementOnly ? "ending" : "live";
}

/** When the session was over, as well as is known: a cut session's end is its gateway's last sign of life. Null while it lives. */
export function sessionEndedAt(facts: LiveFacts, now: Date): Date | null {
  if (facts.endedAt !== null) {
    return facts.endedAt;
  }
  return sessionState(facts, now) === "cut" ? (facts.gatewayStoppedAt ?? facts.gatewayHeartbeatAt) : null;
}

/** The same as conditions on `sessions` joined to `gateways`: still running. */
export function isRunning(now: Date): SQL | undefined {
  return and(isNull(sessions.endedAt), gatewayAlive(now));
}

/** ... over, whoever noticed. */
export function isOver(now: Date): SQL | undefined {
  return or(isNotNull(sessions.endedAt), gatewayGone(now));
}

/** ... cut, but no row says so yet. */
export function isCutUnmarked(now: Date): SQL | undefined {
  return and(isNull(sessions.endedAt), gatewayGone(now));
}

function gatewayAlive(now: Date): SQL | undefined {
  return and(isNull(gateways.stoppedAt), gte(gateways.heartbeatAt, limitAt(now)));
}

function gatewayGone(now: Date): SQL | undefined {
  return or(isNotNull(gateways.stoppedAt), lt(gateways.heartbeatAt, limitAt(now)));
}

function limitAt(now: Date): Date {
  return new Date(now.getTime() - HEARTBEAT_LIMIT_MS);
}
