import { describe, expect, it } from "vitest";
import { NO_TABLE } from "@/lib/masking/account-use";
import type { SessionEffect } from "@/lib/sql/utility/utility";
import { STATUS } from "../protocol/constants";
import { FollowedState } from "./followed-state";
import { type AccountRuling, type Ruling, UNDECIDED } from "./gate";

type Forward = Extract<Ruling, { kind: "forward" }>;

function ruling(
  effects: readonly SessionEffect[],
  changes: Partial<AccountRuling & Forward["decision"]> = {},
): Forward {
  const { statementClass = null, ...account } = changes;
  return {
    kind: "forward",
    text: null,
    bound: null,
    note: false,
    effects,
    changesCatalogue: false,
    result: null,
    readsWarnings: false,
    clearsWarnings: false,
    account: { ...NO_TABLE, opinion: { confirmedAt: 0, told: false }, ...account },
    use: null,
    decision: { ...UNDECIDED, statementClass },
    prepared: null,
  };
}

const user = (name: string): SessionEffect => ({ kind: "userVariable", name });
const variable = (name: string): SessionEffect => ({ kind: "variable", name, value: "" });
const AUTOCOMMIT = STATUS.AUTOCOMMIT;
const OPEN = STATUS.AUTOCOMMIT | STATUS.IN_TRANS;

function stateAfter(...statements: [string, ...SessionEffect[]][]): FollowedState {
  const state = new FollowedState();
  for (const [text, ...effects] of statements) state.note(ruling(effects), true, AUTOCOMMIT, Buffer.from(text));
  return state;
}
const textsOf = (state: FollowedState, serial = 0) => state.since(serial).map(String);

describe("what a second connection has to follow", () => {
  it("keeps settings in their order, and tells those behind a given one", () => {
    const state = stateAfter(["A", variable("time_zone")], ["B", user("x")]);
    expect(textsOf(state)).toEqual(["A", "B"]);
    const { serial } = state;
    state.note(ruling([user("y")]), true, AUTOCOMMIT, Buffer.from("C"));
    expect(textsOf(state, serial)).toEqual(["C"]);
  });

  it("forgets a setting once a later one says all that it said", () => {
    expect(textsOf(stateAfter(["A", user("x")], ["B", user("x"), user("y")], ["C", user("x")]))).toEqual(["B", "C"]);
    expect(textsOf(stateAfter(["A", user("x"), user("y")], ["B", user("x")]))).toEqual(["A", "B"]);
    expect(textsOf(stateAfter(["A", user("x")], ["B", user("y")], ["A", user("x")]))).toEqual(["B", "A"]);
  });

  it("leaves out what failed, what is told otherwise, and what is for the next transaction only", () => {
    const state = new FollowedState();
    state.note(ruling([user("x")]), false, AUTOCOMMIT, Buffer.from("failed"));
    state.note(ruling([{ kind: "sqlMode", change: "set", modes: [] }]), true, AUTOCOMMIT, null);
    const next = ruling([], { statementClass: "set_transaction" });
    state.note(next, true, AUTOCOMMIT, Buffer.from("SET TRANSACTION READ ONLY"));
    expect([state.serial, state.overflow]).toEqual([0, false]);
    state.note(next, true, AUTOCOMMIT, Buffer.from("SET SESSION TRANSACTION READ ONLY"));
    expect(textsOf(state)).toEqual(["SET SESSION TRANSACTION READ ONLY"]);
  });

  it("gives up beyond so many, and for a text that is not at hand", () => {
    const many = Array.from({ length: 129 }, (_, at): [string, SessionEffect] => [`${at}`, user(`${at}`)]);
    expect(stateAfter(...many.slice(1)).overflow).toBe(false);
    expect(stateAfter(...many).overflow).toBe(true);
    const state = new FollowedState();
    state.note(ruling([user("x")]), true, AUTOCOMMIT, null);
    expect(state.overflow).toBe(true);
    state.reset();
    expect([state.overflow, textsOf(state)]).toEqual([false, []]);
  });

  it("knows whether the open transaction has changed something, whatever came of the statement", () => {
    const state = new FollowedState();
    const changed = (effects: readonly SessionEffect[], changes: boolean, ok: boolean, status: number) => {
      state.note(ruling(effects, { changes }), ok, status, null);
      return state.changed;
    };
    expect(changed([], true, true, AUTOCOMMIT)).toBe(false);
    expect(changed([{ kind: "transaction", state: "begun" }], false, true, OPEN)).toBe(false);
    expect(changed([], false, true, OPEN)).toBe(false);
    expect(changed([], true, false, OPEN)).toBe(true);
    expect(changed([], false, true, OPEN)).toBe(true);
    expect(changed([{ kind: "transaction", state: "committed" }], false, false, OPEN)).toBe(true);
    expect(changed([{ kind: "transaction", state: "chained" }], false, true, OPEN)).toBe(false);
    expect(changed([], true, true, 0)).toBe(false);
  });

  it("remembers held tables and filled variables until a reset", () => {
    const state = new FollowedState();
    state.note(ruling([], { holds: true }), false, AUTOCOMMIT, null);
    expect(state.held).toBe(false);
    state.note(ruling([], { holds: true, setsVariables: true }), true, AUTOCOMMIT, null);
    expect([state.held, state.variables]).toEqual([true, true]);
    state.reset();
    expect([state.held, state.variables]).toEqual([false, false]);
  });
});
