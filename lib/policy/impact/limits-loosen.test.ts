import { describe, expect, it } from "vitest";
import { type Budget, suddenBehaviour } from "../budget";
import type { PolicyContent } from "../policy-columns";
import { limitsLoosen } from "./limits-loosen";

type Limits = Pick<PolicyContent, "budgets" | "sudden">;

const BOUND = { identities: [{ client_id: "a" }] };
const ROWS: Budget = { measure: "rows", per: "hour", max: 100, over: "deny" };
const DAILY: Budget = { measure: "statements", per: "day", max: 50, over: "review" };
const sudden = (from: Parameters<typeof suddenBehaviour.parse>[0]) => ({ sudden: suddenBehaviour.parse(from) });

describe("limits loosen", () => {
  const cases: readonly [string, [Limits, Limits], boolean][] = [
    ["not where there were none", [{}, { budgets: [ROWS] }], false],
    ["not as they are, in any order", [{ budgets: [ROWS, DAILY] }, { budgets: [DAILY, ROWS] }], false],
    ["when all budgets go", [{ budgets: [ROWS] }, {}], true],
    ["when one of them goes", [{ budgets: [ROWS, DAILY] }, { budgets: [ROWS] }], true],
    ["when one grows", [{ budgets: [ROWS] }, { budgets: [{ ...ROWS, max: 101 }] }], true],
    ["not when one sinks", [{ budgets: [ROWS] }, { budgets: [{ ...ROWS, max: 99 }] }], false],
    ["when review takes the place of deny", [{ budgets: [ROWS] }, { budgets: [{ ...ROWS, over: "review" }] }], true],
    ["not the other way round", [{ budgets: [DAILY] }, { budgets: [{ ...DAILY, over: "deny" }] }], false],
    ["when another window takes the place of one", [{ budgets: [ROWS] }, { budgets: [{ ...ROWS, per: "day" }] }], true],
    ["not when what reviewed nothing goes", [sudden({}), {}], false],
    ["when new templates are no longer reviewed", [sudden({ new_template: "review" }), sudden({})], true],
    ["when new tables are no longer reviewed", [sudden({ new_table: "review" }), {}], true],
    ["when more rows are usual", [sudden({ rows_factor: 10 }), sudden({ rows_factor: 20 })], true],
    ["not when fewer are", [sudden({ rows_factor: 10 }), sudden({ rows_factor: 5 })], false],
    [
      "when what is new is told by another past",
      [sudden({ new_table: "review" }), sudden({ new_table: "review", days: 90 })],
      true,
    ],
  ];
  it.each(cases)("%s", (_, [before, after], loosens) => {
    expect(limitsLoosen({ ...BOUND, ...before }, { ...BOUND, ...after })).toBe(loosens);
  });

  it("not for a policy that bound nobody", () => {
    expect(limitsLoosen({ identities: [], budgets: [ROWS] }, { ...BOUND })).toBe(false);
  });
});
