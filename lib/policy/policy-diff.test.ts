import { describe, expect, it } from "vitest";
import type { PolicyContent } from "./policy-columns";
import { describePolicyDifference, policyDifferences } from "./policy-diff";
import { policy } from "./rule";

const content = (change: object): PolicyContent =>
  policy.parse({
    name: "p",
    identities: [{ client_id: "a" }],
    rules: [
      { name: "one", effect: "allow", statements: ["select"], tables: ["shop.orders"], max_limit: 10 },
      { name: "two", effect: "review", template: "DELETE FROM t WHERE id = ?" },
    ],
    ...change,
  });
const BEFORE = content({});
const words = (change: object) => policyDifferences(BEFORE, content(change)).map(describePolicyDifference);
const [one, two] = BEFORE.rules;

describe("the difference of two states of a policy", () => {
  it("is nothing when nothing differs", () => {
    expect(words({})).toEqual([]);
  });

  it("tells who is bound and who no longer is, and another order", () => {
    expect(words({ identities: [{ group: "g" }] })).toEqual(["binds group g", "no longer binds client_id a"]);
    const both = content({ identities: [{ client_id: "a" }, { group: "g" }] });
    const turned = content({ identities: [{ group: "g" }, { client_id: "a" }] });
    expect(policyDifferences(both, turned)).toEqual([{ kind: "bindings reordered" }]);
  });

  it("tells settings with both values", () => {
    expect(words({ metadata: "deny", default: "review" })).toEqual([
      "metadata: allow -> deny",
      "default: deny -> review",
    ]);
  });

  it("tells budgets and sudden behaviour that came, went and changed", () => {
    const rows = { measure: "rows", per: "hour", max: 1000 };
    const bytes = { measure: "bytes", per: "day", max: 5, over: "review" };
    expect(words({ budgets: [rows], sudden: { new_table: "review", days: 1 } })).toEqual([
      "budget of rows per hour: none -> 1000 rows an hour, then deny",
      "sudden behaviour: none -> new tables are reviewed, usual is what was seen in the last day",
    ]);
    const had = content({ budgets: [rows, bytes], sudden: { new_template: "review", rows_factor: 10 } });
    const has = (change: object) => policyDifferences(had, content(change)).map(describePolicyDifference);
    expect(has({ budgets: [{ ...rows, max: 1, over: "review" }] })).toEqual([
      "budget of rows per hour: 1000 rows an hour, then deny -> 1 row an hour, then review",
      "budget of bytes per day: 5 bytes a day, then review -> none",
      "sudden behaviour: new templates are reviewed, 10 times the usual rows are reviewed, usual is what was seen in the last 14 days -> none",
    ]);
    expect(has({ budgets: [bytes, rows], sudden: had.sudden })).toEqual([
      "order of the budgets: budget of rows per hour, budget of bytes per day -> budget of bytes per day, budget of rows per hour",
    ]);
  });

  it("tells rules that came, went and changed, field by field", () => {
    const changed = { ...one, max_limit: 50, tables: ["shop.orders", "shop.items"], where: ["shop.orders.id"] };
    expect(words({ rules: [changed, { name: "new", effect: "deny", tables: ["hr.*"] }] })).toEqual([
      'rule "one": tables: +shop.items; max_limit: 10 -> 50; where ["shop.orders.id"] added',
      'rule "new" added: deny any statement on hr.*',
      'rule "two" removed: review "DELETE FROM t WHERE id = ?"',
    ]);
  });

  it("tells another order of the rules, and not where one only came between", () => {
    expect(words({ rules: [two, one] })).toEqual(["rules in another order: two, one"]);
    expect(words({ rules: [one, { name: "new", effect: "deny" }, two] })).toEqual([
      'rule "new" added: deny any statement',
    ]);
  });
});
