import { STATUS } from "../protocol/constants";
import type { RunningView } from "./registry";
import type { SessionCore } from "./session-core";

/** What a session works on now; read once a second, from nothing that is kept for it. */
export function runningView(core: SessionCore): RunningView | null {
  const { current, phase, answer } = core;
  const inTransaction = (core.status & STATUS.IN_TRANS) !== 0;
  const works = (phase === "running" || phase === "local") && current.command !== null;
  if (!works) {
    return inTransaction
      ? { statementId: null, sql: null, since: null, held: false, inTransaction, rows: 0, bytes: 0 }
      : null;
  }
  const answered = phase === "running";
  return {
    statementId: current.id,
    sql: current.sql.text,
    since: current.at,
    held: phase === "local" && current.decision.approvalId !== null,
    inTransaction,
    rows: answered ? answer.walker.rows : 0,
    bytes: answered ? answer.walker.bytes : 0,
  };
}
