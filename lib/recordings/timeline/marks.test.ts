import { describe, expect, it } from "vitest";
import { isBlocked, isMarked, kindOf, nextWith, outcomeOf } from "./marks";
import { sampleStatement } from "./sample-statements";

describe("a tick's kind", () => {
  it.each([
    ["select", "read"],
    ["update", "write"],
    ["create_table", "ddl"],
    ["begin", "other"],
    [null, "other"],
  ] as const)("of %s is %s", (statementClass, kind) => {
    expect(kindOf(statementClass)).toBe(kind);
  });
});

describe("a tick's outcome", () => {
  it.each([
    ["ok", {}],
    ["held", { approvalId: "A", effect: "review" }],
    ["error", { errorNumber: 1146 }],
    ["error", { errorNumber: 1213, effect: "review", approvalId: "A" }],
    ["denied", { errorNumber: 1227, effect: "deny", waitedUs: null }],
    ["denied", { errorNumber: 1227, effect: "review", approvalId: "A", waitedUs: null }],
    ["ok", { effect: "deny" }],
    ["open", { state: "running" }],
    ["open", { state: "running", approvalId: "A", effect: "review" }],
    ["held", { state: "running", approvalId: "A", effect: "review", waitedUs: null }],
    ["open", { state: "unknown" }],
  ] as const)("is %s for %o", (outcome, facts) => {
    expect(outcomeOf(sampleStatement(1, 0, facts))).toBe(outcome);
  });
});

describe("going to the next", () => {
  const statements = [
    sampleStatement(1, 0),
    sampleStatement(2, 10, { maskedRows: 3 }),
    sampleStatement(3, 20, { errorNumber: 1146 }),
    sampleStatement(4, 30),
  ];

  it("marker stops at masked rows too, blocked does not", () => {
    expect(nextWith(statements, 0, 1, isMarked)).toBe(1);
    expect(nextWith(statements, 0, 1, isBlocked)).toBe(2);
    expect(nextWith(statements, 3, -1, isMarked)).toBe(2);
  });

  it("finds nothing past the last one", () => {
    expect(nextWith(statements, 2, 1, isMarked)).toBeNull();
    expect(nextWith([], -1, 1, isMarked)).toBeNull();
  });

  it("starts with the first statement from before it", () => {
    expect(nextWith(statements, -1, 1, () => true)).toBe(0);
  });
});
