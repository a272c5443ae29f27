import { describe, expect, it } from "vitest";
import { SHOP_CATALOGUE } from "@/lib/sql/shop.fixture";
import { policy } from "./rule";
import { type Decided, simulateStatement } from "./simulation";

const UPSERT = "INSERT INTO items (id, price) VALUES (1, 5) ON DUPLICATE KEY UPDATE quantity = 3";
const REPLACE = "REPLACE INTO items (id, price) VALUES (1, 5)";

function decided(sql: string, ...rules: readonly object[]): Decided {
  const named = rules.map((one, at) => ({ name: `r${at}`, effect: "allow", ...one }));
  const result = simulateStatement({
    sql,
    policies: [policy.parse({ name: "p", identities: [], rules: named })],
    masks: [],
    groups: [],
    catalogue: SHOP_CATALOGUE,
    connectionSchema: "shop",
    defaultSchema: "shop",
  });
  if (result.kind !== "decided") throw new Error(`${sql}: ${result.message}`);
  return result;
}

const effect = (sql: string, ...rules: readonly object[]) => decided(sql, ...rules).verdict.effect;
const items = { tables: ["shop.items"] };
const everything = { statements: ["read", "write"], tables: ["*.*"] };

describe("INSERT ... ON DUPLICATE KEY UPDATE, which also updates rows", () => {
  it.each([
    [["insert"], "deny"],
    [["update"], "deny"],
    [["insert", "replace", "delete", "select"], "deny"],
    [["insert", "update"], "allow"],
    [["write"], "allow"],
  ])("under a rule that allows %j: %s", (statements, expected) => {
    expect(effect(UPSERT, { ...items, statements })).toBe(expected);
    expect(effect(`EXPLAIN ${UPSERT}`, { ...items, statements })).toBe(expected);
  });

  it("is not covered by two rules that each name one half", () => {
    expect(effect(UPSERT, { ...items, statements: ["insert"] }, { ...items, statements: ["update"] })).toBe("deny");
  });

  it("leaves a plain insert to a rule that names insert, and to a deny of update", () => {
    const add = "INSERT IGNORE INTO items (id, price) VALUES (1, 5)";
    expect(effect(add, { ...items, statements: ["insert"] })).toBe("allow");
    expect(effect(add, { ...items, effect: "deny", statements: ["update"] }, everything)).toBe("allow");
  });

  it.each([[["insert"]], [["update"]], [["write"]], [undefined]])(
    "is denied by a rule that denies %j",
    (statements) => {
      expect(effect(UPSERT, { ...items, effect: "deny", statements }, everything)).toBe("deny");
    },
  );

  it("is not touched by a deny of delete, of replace, or about another table", () => {
    expect(effect(UPSERT, { ...items, effect: "deny", statements: ["delete", "replace"] }, everything)).toBe("allow");
    expect(effect(UPSERT, { tables: ["shop.orders"], effect: "deny", statements: ["update"] }, everything)).toBe(
      "allow",
    );
  });

  it("is held by an earlier review of updates", () => {
    expect(effect(UPSERT, { ...items, effect: "review", statements: ["update"] }, everything)).toBe("review");
  });

  it("counts columns that only its update assigns or reads as used", () => {
    const both = { ...items, statements: ["insert", "update"] };
    const lacking = decided(UPSERT, { ...both, columns: ["shop.items.id", "shop.items.price"] });
    expect(lacking.rules[0]?.reasons).toEqual(["column shop.items.quantity is not among its columns"]);
    expect(lacking.statement.analysis?.writes).toContain("shop.items.quantity");
    expect(effect(UPSERT, { ...both, columns: ["shop.items.*", "!shop.items.product_id"] })).toBe("allow");
    expect(effect(UPSERT, { effect: "deny", columns: ["shop.items.quantity"] }, everything)).toBe("deny");
    const reads = UPSERT.replace("= 3", "= product_id");
    expect(effect(reads, { ...both, columns: ["shop.items.*", "!shop.items.product_id"] })).toBe("deny");
  });

  it("is covered by a template that spells it out, with values in their domains", () => {
    const template = {
      template: "INSERT INTO items (id, price) VALUES (?, ?) ON DUPLICATE KEY UPDATE quantity = ?",
      parameters: [{ type: "integer" }, { range: [0, 10] }, { range: [0, 5] }],
    };
    expect(effect(UPSERT, template)).toBe("allow");
    expect(effect(UPSERT.replace("= 3", "= 6"), template)).toBe("deny");
    expect(effect(UPSERT, { ...items, effect: "deny", statements: ["update"] }, template)).toBe("deny");
  });

  it("is explained by the half that is missing, also to the client", () => {
    const lacking = decided(UPSERT, { ...items, statements: ["insert"] });
    const why = "ON DUPLICATE KEY UPDATE also updates rows: the rule needs update";
    expect(lacking.rules[0]?.reasons).toEqual([why]);
    expect(lacking.nearest).toBe(`rule "r0" would allow it, but ${why}`);
    expect(decided(UPSERT, { ...items, statements: ["update"] }).rules[0]?.reasons).toEqual([
      "insert is not among its statements",
    ]);
  });

  it("is not said to lack a statement by a deny that names one half and another table", () => {
    const deny = { effect: "deny", statements: ["insert"], tables: ["shop.orders"] };
    expect(decided(UPSERT, deny).rules[0]?.reasons).toEqual(["table shop.items is not among its tables"]);
    expect(decided(UPSERT, { ...deny, ...items, statements: ["delete"] }).rules[0]?.reasons).toEqual([
      "insert is not among its statements",
      "update is not among its statements",
    ]);
  });
});

describe("REPLACE, which deletes and inserts rows", () => {
  it.each([[["insert"]], [["delete"]], [["replace"]], [["write"]]])(
    "is denied by a rule that denies %j",
    (statements) => {
      expect(effect(REPLACE, { ...items, effect: "deny", statements }, everything)).toBe("deny");
    },
  );

  it("is not touched by a deny of update", () => {
    expect(effect(REPLACE, { ...items, effect: "deny", statements: ["update"] }, everything)).toBe("allow");
  });

  it("is covered where replace itself is named, and not by its parts", () => {
    expect(effect(REPLACE, { ...items, statements: ["replace"] })).toBe("allow");
    expect(effect(REPLACE, { ...items, statements: ["insert", "delete"] })).toBe("deny");
  });

  it("is held by an earlier review of deletes", () => {
    expect(effect(REPLACE, { ...items, effect: "review", statements: ["delete"] }, everything)).toBe("review");
  });
});
