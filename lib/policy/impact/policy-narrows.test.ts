import { describe, expect, it } from "vitest";
import { type Policy, policy, type Rule } from "../rule";
import { policyOnlyNarrows, removalOnlyNarrows } from "./policy-narrows";

const READ: Rule = { name: "read", effect: "allow", statements: ["select"], tables: ["shop.orders"], max_limit: 100 };
const REFUND: Rule = { name: "refund", effect: "review", statements: ["update"], tables: ["shop.orders"] };
const NO_STAFF: Rule = { name: "no staff", effect: "deny", statements: ["read"], tables: ["shop.employees"] };

function made(rules: readonly Rule[], rest: Partial<Policy> = {}): Policy {
  return policy.parse({ name: "agent", identities: [{ client_id: "a" }, { group: "g" }], rules, ...rest });
}

describe("a changed policy can only narrow", () => {
  const before = made([READ, REFUND, NO_STAFF], { default: "review" });
  const narrows = (after: Policy) => policyOnlyNarrows(before, after);
  const rules = (...list: Rule[]) => ({ ...before, rules: list });

  it("when nothing changes, or only names of rules do", () => {
    expect(narrows(before)).toBe(true);
    expect(narrows(rules({ ...READ, name: "reads" }, REFUND, NO_STAFF))).toBe(true);
  });

  it("when rules that allow go, effects become stricter, denials come, or a highest LIMIT sinks", () => {
    expect(narrows(rules(REFUND, NO_STAFF))).toBe(true);
    expect(narrows(rules({ ...READ, effect: "review" }, REFUND, NO_STAFF))).toBe(true);
    expect(narrows(rules(READ, { ...REFUND, effect: "deny" }, NO_STAFF))).toBe(true);
    expect(narrows(rules(READ, REFUND, NO_STAFF, { ...NO_STAFF, name: "x", tables: ["shop.orders"] }))).toBe(true);
    expect(narrows(rules(NO_STAFF, READ, REFUND))).toBe(true);
    expect(narrows(rules({ ...READ, max_limit: 10 }, REFUND, NO_STAFF))).toBe(true);
  });

  it("when its default or its metadata become stricter", () => {
    expect(narrows({ ...before, default: "deny" })).toBe(true);
    expect(narrows({ ...before, metadata: "deny" })).toBe(true);
  });

  it("not when rules are added or widened, or others take effect for them", () => {
    expect(narrows(rules(READ, REFUND, NO_STAFF, { ...READ, name: "more" }))).toBe(false);
    expect(narrows(rules({ ...READ, tables: ["shop.*"] }, REFUND, NO_STAFF))).toBe(false);
    expect(narrows(rules({ ...READ, max_limit: 1000 }, REFUND, NO_STAFF))).toBe(false);
    expect(narrows(rules(READ, { ...REFUND, effect: "allow" }, NO_STAFF))).toBe(false);
    expect(narrows(rules(REFUND, READ, NO_STAFF))).toBe(false);
    // A review or a denial that goes may have stood in front of what allows.
    expect(narrows(rules(READ, NO_STAFF))).toBe(false);
    expect(narrows(rules(READ, REFUND))).toBe(false);
  });

  it("not when its default or metadata loosen, or its name gives it another place", () => {
    const strict = made([READ], { default: "deny", metadata: "deny" });
    expect(policyOnlyNarrows(strict, { ...strict, default: "review" })).toBe(false);
    expect(policyOnlyNarrows(strict, { ...strict, metadata: "allow" })).toBe(false);
    expect(policyOnlyNarrows(strict, { ...strict, name: "other" })).toBe(false);
  });

  it("when it binds fewer, unless its denials and reviews held for those too", () => {
    const reading = made([READ]);
    expect(policyOnlyNarrows(reading, { ...reading, identities: [{ group: "g" }] })).toBe(true);
    expect(narrows({ ...before, identities: [{ group: "g" }] })).toBe(false);
    expect(policyOnlyNarrows(reading, { ...reading, identities: [{ client_id: "b" }] })).toBe(false);
  });

  it("when its budgets shrink, not when they loosen, or go with what it binds: their use is no part of any impact", () => {
    const budgets = [{ measure: "rows", per: "hour", max: 10, over: "deny" }] as const;
    const limited = made([READ], { budgets: [...budgets] });
    expect(policyOnlyNarrows(made([READ]), limited)).toBe(true);
    expect(policyOnlyNarrows(limited, made([READ]))).toBe(false);
    expect(policyOnlyNarrows(limited, { ...limited, identities: [] })).toBe(false);
    expect(removalOnlyNarrows(limited)).toBe(false);
  });
});

describe("a new policy and one that goes", () => {
  it("narrow nothing for sure, unless they bind nobody", () => {
    expect(policyOnlyNarrows(null, made([]))).toBe(false);
    expect(policyOnlyNarrows(null, made([READ], { identities: [] }))).toBe(true);
    expect(removalOnlyNarrows(made([NO_STAFF]))).toBe(false);
    expect(removalOnlyNarrows(made([NO_STAFF], { identities: [] }))).toBe(true);
  });

  it("narrow when all rules that go allow", () => {
    expect(removalOnlyNarrows(made([READ]))).toBe(true);
    expect(removalOnlyNarrows(made([READ, REFUND]))).toBe(false);
  });
});
