import type { Replay, ReplayStatement } from "../replay-model";

/** A statement for tests: one read of 1 ms that went well, where nothing else is said. */
export function sampleStatement(sequence: number, atUs: number, facts: Partial<ReplayStatement> = {}): ReplayStatement {
  return {
    id: `S${String(sequence).padStart(25, "0")}`,
    sequence,
    state: "done",
    command: "query",
    atUs,
    waitedUs: 100,
    durationUs: 1000,
    sql: `SELECT ${sequence}`,
    statementClass: "select",
    effect: "allow",
    errorNumber: null,
    rows: 1,
    affectedRows: 0,
    maskedRows: 0,
    approvalId: null,
    ...facts,
  };
}

/** A session for tests with these statements. */
export function sampleReplay(statements: readonly ReplayStatement[], endUs: number, live = false): Replay {
  return {
    session: {
      id: "01JD0000000000000000000000",
      identityId: "01JD0000000000000000000001",
      identityName: "orders-agent",
      connectionName: "shop",
      clientProgram: null,
      clientAddress: "127.0.0.1",
      startedAt: Date.UTC(2026, 10, 27),
      endedAt: live ? null : Date.UTC(2026, 10, 27) + endUs / 1000,
      endReason: live ? null : "client_quit",
      live,
    },
    recorded: "full",
    chunks: { count: 1, storedBytes: 10, rawBytes: 20, expired: 0, expiredAt: null },
    endUs,
    statements,
    approvals: [],
    cursor: "",
    more: false,
  };
}
