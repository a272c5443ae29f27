import { describe, expect, it } from "vitest";
import type { Rule } from "../rule";
import { describeRule } from "./describe-rule";

const CASES: readonly [Omit<Rule, "name">, string][] = [
  [
    {
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      where: ["shop.orders.customer_id"],
      max_limit: 500,
    },
    "Allows SELECT on shop.orders when shop.orders.customer_id is pinned to a value (= …) and there is a LIMIT of at most 500.",
  ],
  [{ effect: "allow", statements: ["read"] }, "Allows any reading statement on any table."],
  [
    {
      effect: "allow",
      statements: ["select"],
      tables: ["shop.*"],
      columns: ["!shop.customers.notes"],
      functions: ["sleep"],
    },
    "Allows SELECT on shop.* without shop.customers.notes; it may also call sleep.",
  ],
  [
    {
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      columns: ["shop.orders.*", "!shop.orders.note"],
    },
    "Allows SELECT on shop.orders that uses no other columns than shop.orders.* and not shop.orders.note.",
  ],
  [
    { effect: "review", statements: ["insert", "update"], tables: ["shop.orders", "shop.refunds"] },
    "Asks a person before INSERT and UPDATE on shop.orders and shop.refunds.",
  ],
  [{ effect: "deny" }, "Denies every statement."],
  [
    { effect: "deny", statements: ["drop_table"], tables: ["shop.*"] },
    "Denies DROP TABLE that touches shop.*, also through a view.",
  ],
  [
    { effect: "deny", columns: ["shop.customers.card"] },
    "Denies every statement that uses column shop.customers.card, also through a view.",
  ],
  [
    { effect: "allow", template: "SELECT 1 WHERE id = ?", parameters: [{ type: "integer", range: [1, 10] }] },
    "Allows exactly one statement, its template, with any values in place of the question marks when value 1 is integer, from 1 to 10.",
  ],
];

describe("a rule in plain words", () => {
  it.each(CASES)("%j", (rule, words) => {
    expect(describeRule({ name: "r", ...rule })).toBe(words);
  });
});
