import { describe, expect, it } from "vitest";
import { type Policy, policy } from "@/lib/policy/rule";
import { nearestTemplate } from "./nearest-template";

const POLICY: Policy = policy.parse({
  name: "orders-agent",
  identities: [],
  rules: [
    { name: "read", effect: "allow", template: "SELECT id, status FROM orders WHERE id = ?" },
    { name: "refund", effect: "allow", template: "UPDATE orders SET status = ? WHERE id = ?" },
    { name: "held", effect: "review", template: "UPDATE orders SET status = ?, note = ? WHERE id = ?" },
    { name: "scope", effect: "allow", statements: ["select"], tables: ["shop.orders"] },
  ],
});
const nearest = (sql: string) => nearestTemplate(sql, [POLICY], "mysql");

describe("the nearest allowed template", () => {
  it("is the one with most words in common, whatever the values and the spelling", () => {
    const found = nearest("update orders set status = 'refunded', note = 'x' where id = 7");
    expect(found).toMatchObject({ policy: "orders-agent", rule: "refund" });
    expect(found?.diff.filter((part) => part.kind !== "same")).toEqual([
      { kind: "added", words: [",", "note", "=", "?"] },
    ]);
  });

  it("differs in nothing when only values differ", () => {
    expect(nearest("UPDATE orders SET status = 'lost' WHERE id = 9")).toMatchObject({ similarity: 1 });
  });

  it("is none when nothing is alike, and never a rule that asks for a review", () => {
    expect(nearest("DROP TABLE customers")).toBeNull();
    expect(nearest("UPDATE orders SET status = 'a', note = 'b' WHERE id = 1")?.rule).toBe("refund");
  });

  it("is found for text that can not be lexed, too", () => {
    expect(nearest("UPDATE orders SET status = 'open WHERE id = 1")?.rule).toBe("refund");
  });
});
