import { describe, expect, it } from "vitest";
import { COMMAND, STATUS } from "../protocol/constants";
import { CurrentStatement } from "./current-statement";
import { UNDECIDED } from "./gate";
import { TransactionHistory } from "./transaction-history";

const OPEN = STATUS.IN_TRANS | STATUS.AUTOCOMMIT;

function statement(sql: string, changes: Partial<CurrentStatement> = {}): CurrentStatement {
  const one = new CurrentStatement();
  one.begin(COMMAND.QUERY, "query", null, 1_000);
  one.sql = { text: sql, bytes: sql.length };
  return Object.assign(one, changes);
}

describe("TransactionHistory", () => {
  it("counts what ran since the transaction began, without what began it and what failed", () => {
    const history = new TransactionHistory();
    history.note(statement("BEGIN", { decision: { ...UNDECIDED, statementClass: "begin" } }), OPEN, 0);
    history.note(statement("UPDATE a", { at: 2_000 }), OPEN, 0);
    history.note(statement("UPDATE b"), OPEN, 1062);
    history.note(statement("UPDATE c", { code: COMMAND.STMT_PREPARE }), OPEN, 0);
    expect(history.surroundings(OPEN)).toEqual({
      transaction: { open: true, autocommit: true, since: new Date(1_000).toISOString(), statements: 1 },
      earlier: [{ id: expect.any(String), sql: "UPDATE a" }],
    });
  });

  it("keeps the last twenty texts, cut for reading", () => {
    const history = new TransactionHistory();
    for (let n = 0; n < 30; n += 1) history.note(statement(`${n}`.padEnd(600, "x")), OPEN, 0);
    const { transaction, earlier } = history.surroundings(OPEN);
    expect(transaction.statements).toBe(30);
    expect(earlier).toHaveLength(20);
    expect(earlier[0]?.sql).toMatch(/^10x{498}\.\.\.$/);
  });

  it("forgets all with the end of the transaction, also when a reset ended it unseen", () => {
    const history = new TransactionHistory();
    history.note(statement("UPDATE a"), STATUS.IN_TRANS, 0);
    const none = {
      transaction: { open: false, autocommit: true, since: null, statements: 0 },
      earlier: [],
    };
    expect(history.surroundings(STATUS.AUTOCOMMIT)).toEqual(none);
    history.note(statement("COMMIT"), STATUS.AUTOCOMMIT, 0);
    history.note(statement("UPDATE b", { at: 5_000 }), STATUS.IN_TRANS, 0);
    expect(history.surroundings(STATUS.IN_TRANS).transaction).toEqual({
      open: true,
      autocommit: false,
      since: new Date(5_000).toISOString(),
      statements: 1,
    });
  });
});
