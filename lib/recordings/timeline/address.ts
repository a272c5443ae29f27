import type { Replay } from "../replay-model";
import { endOf, statementAt } from "./moment";

/** A place in a session: a moment, and the statement that is looked at. */
export interface Place {
  readonly us: number;
  /** Place in the list of statements; -1 before the first. */
  readonly index: number;
}

/** The path of a session's replay, at a moment or a statement where one is given. */
export function replayHref(
  sessionId: string,
  at: { readonly us?: number; readonly statementId?: string } = {},
): string {
  const path = `/sessions/${sessionId}/replay`;
  if (at.statementId !== undefined) return `${path}?statement=${at.statementId}`;
  return at.us === undefined ? path : `${path}?at=${Math.round(at.us)}`;
}

/** The place that an address asks for; null when it asks for none, or for one that this session does not have. */
export function placeAsked(replay: Replay, params: URLSearchParams): Place | null {
  const id = params.get("statement");
  if (id !== null) {
    const index = replay.statements.findIndex((statement) => statement.id === id);
    const statement = replay.statements[index];
    return statement === undefined ? null : { us: endOf(statement), index };
  }
  const at = params.get("at");
  if (at === null || !/^\d{1,15}$/.test(at)) return null;
  const us = Math.min(Number(at), replay.endUs);
  return { us, index: statementAt(replay.statements, us) };
}
