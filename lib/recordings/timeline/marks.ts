import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import type { ReplayStatement } from "../replay-model";

/** What a statement does, as the timeline's rows tell it apart. */
export const TICK_KINDS = ["read", "write", "ddl", "other"] as const;
export type TickKind = (typeof TICK_KINDS)[number];

/** What became of it; a later one is drawn over an earlier one. */
export const TICK_OUTCOMES = ["ok", "open", "held", "error", "denied"] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

export const TICK_KIND_LABELS: Readonly<Record<TickKind, string>> = {
  read: "Reads",
  write: "Writes",
  ddl: "DDL",
  other: "Other",
};

export const TICK_OUTCOME_LABELS: Readonly<Record<TickOutcome, string>> = {
  ok: "ok",
  open: "not ended",
  held: "held",
  error: "error",
  denied: "denied",
};

export function kindOf(statementClass: StatementClass | null): TickKind {
  const group = statementClass === null ? null : groupOf(statementClass);
  return group === "read" || group === "write" || group === "ddl" ? group : "other";
}

/** An error before the statement went upstream, where the policies asked for one, is a denial: theirs or a reviewer's. */
export function outcomeOf(statement: ReplayStatement): TickOutcome {
  const { errorNumber, waitedUs, effect, approvalId, state } = statement;
  if (errorNumber !== null) {
    return waitedUs === null && (effect === "deny" || effect === "review") ? "denied" : "error";
  }
  if (state !== "done") return isWaiting(statement) ? "held" : "open";
  return approvalId === null ? "ok" : "held";
}

/** Its client waits for a reviewer now. */
export function isWaiting({ state, approvalId, waitedUs }: ReplayStatement): boolean {
  return state === "running" && approvalId !== null && waitedUs === null;
}

/** It did not do what its client asked for. */
export function isBlocked(statement: ReplayStatement): boolean {
  return statement.errorNumber !== null;
}

/** Worth a look: a hold, a denial, an error, or hidden values. */
export function isMarked(statement: ReplayStatement): boolean {
  return isBlocked(statement) || statement.approvalId !== null || statement.maskedRows > 0;
}

/** The next place, in this direction from `from`, whose statement is such; null when there is none. */
export function nextWith(
  statements: readonly ReplayStatement[],
  from: number,
  step: 1 | -1,
  is: (statement: ReplayStatement) => boolean,
): number | null {
  for (let index = from + step; index >= 0 && index < statements.length; index += step) {
    const statement = statements[index];
    if (statement !== undefined && is(statement)) return index;
  }
  return null;
}
