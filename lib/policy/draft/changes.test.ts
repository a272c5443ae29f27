import { describe, expect, it } from "vitest";
import type { Rule } from "../rule";
import { policyChanges } from "./changes";
import { emptyDraft, type PolicyDraft } from "./draft";

const rule = (name: string, table = name): Rule => ({
  name,
  effect: "allow",
  statements: ["select"],
  tables: [`shop.${table}`],
});
const draft = (rules: readonly Rule[], more: Partial<PolicyDraft> = {}): PolicyDraft => ({
  ...emptyDraft("shop"),
  name: "p",
  ...more,
  rules: [...rules],
});
const said = (before: PolicyDraft | null, after: PolicyDraft) =>
  policyChanges(before, after).map((one) => `${one.kind}: ${one.text}`);

describe("the difference of two states of a policy", () => {
  it("is empty when nothing changed, whatever the order of keys and empty lists", () => {
    const same: Rule = { tables: ["shop.a"], name: "a", statements: ["select"], effect: "allow", columns: [] };
    expect(said(draft([rule("a")]), draft([same]))).toEqual([]);
  });

  it("tells added, removed and changed rules, with what they say", () => {
    const changes = policyChanges(draft([rule("a"), rule("b")]), draft([rule("a", "x"), rule("c")]));
    expect(changes).toEqual([
      {
        kind: "changed",
        text: 'Rule "a"',
        details: ["before: Allows SELECT on shop.a.", "now: Allows SELECT on shop.x."],
      },
      { kind: "added", text: 'Rule "c"', details: ["Allows SELECT on shop.c."] },
      { kind: "removed", text: 'Rule "b"', details: ["Allows SELECT on shop.b."] },
    ]);
  });

  it("knows a rule that only got another name", () => {
    expect(said(draft([rule("a")]), draft([rule("z", "a")]))).toEqual(['changed: Rule "a" is called "z" now']);
  });

  it("names the one rule that was moved, not the ones it passed", () => {
    const [a, b, c, d] = [rule("a"), rule("b"), rule("c"), rule("d")];
    expect(said(draft([a, b, c, d]), draft([d, a, b, c]))).toEqual(['moved: Rule "d" is first now']);
    expect(said(draft([a, b, c, d]), draft([b, c, a, d]))).toEqual(['moved: Rule "a" stands after "c" now']);
  });

  it("tells budgets and sudden behaviour, and nothing of an empty list", () => {
    const budgets: PolicyDraft["budgets"] = [{ measure: "rows", per: "hour", max: 5, over: "deny" }];
    expect(said(draft([]), draft([], { budgets: [] }))).toEqual([]);
    expect(policyChanges(draft([]), draft([], { budgets }))).toEqual([
      { kind: "added", text: "Budget of rows per hour", details: ["5 rows an hour, then deny"] },
    ]);
    expect(said(draft([], { budgets }), draft([]))).toEqual(["removed: Budget of rows per hour"]);
    const sudden = { new_template: "review", new_table: "allow", days: 14 } as const;
    expect(said(draft([], { sudden }), draft([], { sudden: { ...sudden, days: 7 } }))).toEqual([
      "changed: Sudden behaviour",
    ]);
    expect(said(null, draft([], { budgets, sudden })).slice(1)).toEqual([
      "added: Budget of rows per hour",
      "added: Sudden behaviour",
    ]);
  });

  it("tells settings and who is bound", () => {
    const before = draft([], { identities: [{ group: "a" }] });
    const after = draft([], { identities: [{ client_id: "x" }], default: "review", metadata: "deny", name: "q" });
    expect(said(before, after)).toEqual([
      "changed: Name",
      "changed: What no rule covers",
      "changed: Metadata",
      "added: Binds client_id x",
      "removed: No longer binds group a",
    ]);
  });

  it("tells all of a new policy", () => {
    expect(said(null, draft([rule("a")], { identities: [{ group: "g" }] }))).toEqual([
      'added: Policy "p" on shop',
      "added: Binds group g",
      'added: Rule "a"',
    ]);
  });
});
