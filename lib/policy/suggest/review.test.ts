import { describe, expect, it } from "vitest";
import type { PolicyDraft } from "../draft/draft";
import type { Rule } from "../rule";
import type { ProposedPolicy, ProposedRule } from "./model";
import { learnedDraft, mergedDraft, reviewedRule, reviewTotal, UNTOUCHED, withChoice, withEdit } from "./review";

const reads: Rule = { name: "reads", effect: "allow", statements: ["select"], tables: ["shop.orders"] };
const writes: Rule = { name: "writes", effect: "review", statements: ["update"], tables: ["shop.orders"] };

function proposed(rule: Rule, statements: number): ProposedRule {
  const at = "2026-11-20T10:00:00.000Z";
  return {
    rule,
    statements,
    firstAt: at,
    lastAt: at,
    identities: ["a"],
    templates: [],
    wider: [],
    risks: [],
    notes: [],
  };
}

const proposal: ProposedPolicy = {
  identities: [{ id: "A", name: "a" }],
  policy: {
    name: "learned a",
    identities: [{ client_id: "a" }],
    metadata: "allow",
    default: "deny",
    rules: [reads, writes],
  },
  rules: [proposed(reads, 90), proposed(writes, 4)],
  statements: 100,
  allowedShare: 0.9,
  surface: { tables: 1, columns: 2, cells: 3, possible: 10 },
  apart: null,
  leftOut: [
    { why: "not understood", statements: 2, example: "SELECT (", needsRule: true },
    { why: "housekeeping", statements: 3, example: "COMMIT", needsRule: false },
  ],
};
const stored: PolicyDraft = {
  name: "there",
  connection: "shop",
  identities: [{ client_id: "a" }],
  metadata: "deny",
  default: "review",
  rules: [{ name: "writes", effect: "review", statements: ["write"] }],
};

describe("a reviewed proposal", () => {
  it("takes everything as proposed while nobody said otherwise", () => {
    const draft = learnedDraft(proposal, "shop", UNTOUCHED);
    expect(draft.rules).toEqual([reads, writes]);
    expect(draft).toMatchObject({ name: "learned a", connection: "shop", default: "deny" });
  });

  it("leaves rules out, and changes what a rule does", () => {
    const [first, second] = proposal.rules;
    if (first === undefined || second === undefined) throw new Error("two rules are proposed");
    const review = withChoice(second, 1, withChoice(first, 0, UNTOUCHED, "leave"), "allow");
    expect(learnedDraft(proposal, "shop", review).rules).toEqual([{ ...writes, effect: "allow" }]);
  });

  it("puts what allows in front of what is held, whatever the order of the proposal", () => {
    const turned = { ...proposal, rules: [proposed(writes, 4), proposed(reads, 90)] };
    expect(learnedDraft(turned, "shop", UNTOUCHED).rules).toEqual([reads, writes]);
  });

  it("is untouched again when a choice is taken back", () => {
    const first = proposed(reads, 1);
    expect(withChoice(first, 0, withChoice(first, 0, UNTOUCHED, "leave"), "allow")).toEqual(UNTOUCHED);
  });

  it("takes an edited rule with the effect it was given, and shows a left out one as it would be", () => {
    const first = proposed(reads, 1);
    const edited = withEdit(first, 0, UNTOUCHED, { ...reads, effect: "review", max_limit: 10 });
    expect(reviewedRule(first, 0, edited)).toEqual({ ...reads, effect: "review", max_limit: 10 });
    expect(reviewedRule(first, 0, withChoice(first, 0, edited, "leave"))).toEqual({ ...reads, max_limit: 10 });
    expect(reviewedRule(first, 0, withEdit(first, 0, edited, null)).max_limit).toBeUndefined();
  });

  it("gives two rules that were edited to one name names of their own", () => {
    const second = proposed(writes, 1);
    const review = withEdit(second, 1, UNTOUCHED, { ...writes, name: "reads" });
    expect(learnedDraft(proposal, "shop", review).rules.map((one) => one.name)).toEqual(["reads", "reads 2"]);
  });

  it("counts its statements by what is chosen, and apart what needs no rule", () => {
    const second = proposed(writes, 4);
    expect(reviewTotal(proposal, UNTOUCHED)).toEqual({
      rules: { allow: 1, review: 1, leave: 0 },
      statements: { allowed: 90, held: 4, notCovered: 2, all: 96, needNoRule: 4 },
    });
    const left = reviewTotal(proposal, withChoice(second, 1, UNTOUCHED, "leave"));
    expect(left.statements).toMatchObject({ allowed: 90, held: 0, notCovered: 6 });
  });
});

describe("a proposal merged into a policy", () => {
  it("puts what it allows in front of the first review, and what it holds at the end, under free names", () => {
    const draft = mergedDraft(stored, proposal, UNTOUCHED);
    expect(draft.rules.map((one) => one.name)).toEqual(["reads", "writes", "writes 2"]);
    expect(draft).toMatchObject({ name: "there", default: "review" });
  });

  it("binds whom either binds, once, and shows metadata where the proposal needs it", () => {
    const other = { ...stored, identities: [{ client_id: "b" }] };
    expect(mergedDraft(other, proposal, UNTOUCHED)).toMatchObject({
      identities: [{ client_id: "b" }, { client_id: "a" }],
      metadata: "allow",
    });
    expect(mergedDraft(stored, proposal, UNTOUCHED).identities).toEqual([{ client_id: "a" }]);
  });

  it("adds nothing twice, whatever it is called", () => {
    const once = mergedDraft(stored, proposal, UNTOUCHED);
    expect(mergedDraft(once, proposal, UNTOUCHED)).toEqual(once);
  });
});
