import { describe, expect, it } from "vitest";
import { SHOP_CATALOGUE } from "@/lib/sql/shop.fixture";
import { pick, seeded } from "@/lib/sql/testing/random-statements";
import { compilePolicies } from "../compile";
import { matchRule, scopeFacts } from "../match";
import { policy, type Rule, rule } from "../rule";
import { type StatementContext, understand } from "../understand";
import { understandTemplate } from "../understand-template";
import { KEPT, narrowRule } from "./narrow-rule";
import { UsedScope } from "./used-scope";

const context: StatementContext = {
  dialect: "mariadb",
  catalogue: SHOP_CATALOGUE,
  defaultSchema: "shop",
  pipesAsConcat: false,
};
const AT = new Date("2026-11-20T12:00:00Z");

function subjectOf(sql: string) {
  const understood = understand(Buffer.from(sql), context);
  if (!understood.ok) throw new Error(`${sql}: ${understood.message}`);
  return understood.subject;
}

function covers(one: Rule, sql: string): boolean {
  const set = compilePolicies([policy.parse({ name: "p", identities: [], rules: [one] })], (text) =>
    understandTemplate(text, context),
  );
  const [compiled] = set.rules;
  const subject = subjectOf(sql);
  return compiled !== undefined && matchRule(compiled, subject, scopeFacts(subject)).covers;
}

function usedBy(...statements: readonly string[]): UsedScope {
  const used = new UsedScope();
  for (const sql of statements) used.add(subjectOf(sql), 1, AT);
  return used;
}

function narrowed(given: object, ...statements: readonly string[]): Rule {
  const result = narrowRule(
    rule.parse({ name: "r", effect: "allow", ...given }),
    usedBy(...statements),
    SHOP_CATALOGUE,
  );
  if (result.kind !== "narrowed") throw new Error(`it is ${result.kind}`);
  return result.rule;
}

describe("a rule without what nobody used", () => {
  it("names the verbs, tables and columns that statements needed", () => {
    expect(
      narrowed(
        { statements: ["read", "write"], tables: ["shop.*"] },
        "SELECT id, total FROM orders WHERE city = 'Bern'",
      ),
    ).toEqual({
      name: "r",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      columns: ["shop.orders.city", "shop.orders.id", "shop.orders.total"],
    });
  });

  it("keeps its pins and its ceiling", () => {
    const given = { statements: ["select"], tables: ["shop.*"], where: ["shop.orders.id"], max_limit: 50 };
    expect(narrowed(given, "SELECT id FROM orders WHERE id = 5 LIMIT 10")).toMatchObject({
      where: ["shop.orders.id"],
      max_limit: 50,
    });
  });

  it("writes a table all of whose columns were used as one pattern", () => {
    const all = "SELECT id, order_id, product_id, quantity, price FROM items";
    expect(narrowed({ statements: ["select"], tables: ["shop.*"] }, all, "SELECT id FROM products").columns).toEqual([
      "shop.items.*",
      "shop.products.id",
    ]);
  });

  it("names columns one by one where those that the table will get were not covered", () => {
    const all = "SELECT id, order_id, product_id, quantity, price FROM items";
    const one = "SELECT id FROM products";
    const named = ["id", "order_id", "price", "product_id", "quantity"].map((column) => `shop.items.${column}`);
    const left = (...columns: string[]) =>
      narrowed({ statements: ["select"], tables: ["shop.*"], columns }, all, one).columns;
    expect(left(...named, "shop.products.*")).toEqual([...named, "shop.products.id"]);
    expect(left("shop.*.*", "!shop.items.secret*")).toEqual([...named, "shop.products.id"]);
    expect(left("!shop.orders.id")).toEqual(["shop.items.*", "shop.products.id"]);
  });

  it("never turns a list of columns of which none was used into all columns", () => {
    const given = { statements: ["select"], tables: ["shop.*"], columns: ["shop.orders.id"] };
    expect(narrowed(given, "SELECT COUNT(*) FROM orders").columns).toEqual(["shop.orders.id"]);
  });

  it("keeps select where a write reads, and update where a read locks", () => {
    const write = "INSERT INTO items (id, order_id) SELECT id, person_id FROM orders";
    expect(narrowed({ statements: ["read", "write"], tables: ["shop.*"] }, write).statements).toEqual([
      "select",
      "insert",
    ]);
    const lock = "SELECT id FROM orders WHERE id = 1 FOR UPDATE";
    expect(narrowed({ statements: ["read", "write"], tables: ["shop.*"] }, lock).statements).toEqual([
      "select",
      "update",
    ]);
  });

  it("keeps update where an insert updates, and of the verbs of REPLACE only its own", () => {
    const upsert = "INSERT INTO items (id, price) VALUES (1, 5) ON DUPLICATE KEY UPDATE price = 5";
    const given = { statements: ["write"], tables: ["shop.*"] };
    expect(narrowed(given, upsert).statements).toEqual(["insert", "update"]);
    expect(narrowed(given, "REPLACE INTO items (id, price) VALUES (1, 5)").statements).toEqual(["replace"]);
  });

  it("loses functions that nobody called", () => {
    const given = { statements: ["select"], tables: ["shop.orders"], functions: ["sleep"] };
    expect(narrowed(given, "SELECT id FROM orders").functions).toBeUndefined();
  });

  it.each([
    ["an allow rule that nobody used is removed", { effect: "allow" }, [], { kind: "removed" }],
    [
      "a review that nobody used stays, and says why",
      { effect: "review" },
      [],
      { kind: "as_it_is", kept: KEPT.review },
    ],
    ["a deny is never touched", { effect: "deny" }, [], { kind: "as_it_is", kept: null }],
  ] as const)("%s", (_title, given, statements, expected) => {
    const one = rule.parse({ name: "r", statements: ["select"], tables: ["shop.orders"], ...given });
    expect(narrowRule(one, usedBy(...statements), SHOP_CATALOGUE)).toEqual(expected);
  });

  it("a rule of which everything was used stays as it is", () => {
    const one = rule.parse({ name: "r", effect: "allow", statements: ["select"], tables: ["shop.orders"] });
    const used = usedBy("SELECT id, person_id, placed, status, total, city FROM orders");
    expect(narrowRule(one, used, SHOP_CATALOGUE)).toEqual({ kind: "as_it_is", kept: null });
  });

  it("a rule that covers something by its kind stays, and says why", () => {
    const one = rule.parse({ name: "r", effect: "allow", statements: ["select", "drop_routine"] });
    const used = usedBy("SELECT id FROM orders", "DROP PROCEDURE gone");
    expect(narrowRule(one, used, SHOP_CATALOGUE)).toEqual({ kind: "as_it_is", kept: KEPT.kind });
  });

  it("a rule with a template that is not understood any more stays, and says why", () => {
    const one = rule.parse({ name: "r", effect: "allow", statements: ["select"], tables: ["shop.*"] });
    const used = usedBy("SELECT id FROM orders");
    used.add(null, 1, AT);
    expect(narrowRule(one, used, SHOP_CATALOGUE)).toEqual({ kind: "as_it_is", kept: KEPT.blind });
  });
});

describe("any narrowed rule", () => {
  const POOL: readonly [string, ...string[]] = [
    "SELECT id, total FROM orders WHERE id = 5",
    "SELECT o.id, p.name FROM orders o JOIN people p ON p.id = o.person_id",
    "SELECT * FROM items",
    "SELECT COUNT(*) FROM products",
    "UPDATE orders SET status = 'x' WHERE id = 5",
    "UPDATE items i JOIN orders o ON o.id = i.order_id SET i.quantity = 1 WHERE o.city = 'x'",
    "DELETE FROM items WHERE order_id IN (SELECT id FROM orders WHERE status = 'void')",
    "INSERT INTO products (id, name) VALUES (1, 'x')",
    "SELECT name FROM people WHERE born > '2000-01-01' ORDER BY mail LIMIT 5",
    "SELECT id FROM orders WHERE id = 1 FOR UPDATE",
    "SELECT attributes FROM products UNION SELECT notes FROM people",
    "WITH x AS (SELECT order_id, SUM(price) s FROM items GROUP BY order_id) SELECT x.s, o.city FROM x JOIN orders o ON o.id = x.order_id",
  ];
  const RULES: readonly [object, ...object[]] = [
    { statements: ["read", "write"] },
    { statements: ["read"], tables: ["shop.*"] },
    { statements: ["select", "update", "delete"], tables: ["shop.orders", "shop.items", "shop.people"] },
    { statements: ["read", "write"], tables: ["shop.*"], columns: ["shop.*.*", "!shop.people.secret"] },
  ];

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "covers all that was used, and nothing that was not covered before (seed %i)",
    (seed) => {
      const random = seeded(seed);
      const before = rule.parse({ name: "r", effect: "allow", ...pick(random, RULES) });
      const used = POOL.filter((sql) => random() < 0.35 && covers(before, sql));
      const result = narrowRule(before, usedBy(...used), SHOP_CATALOGUE);
      if (result.kind === "removed") {
        expect(used).toEqual([]);
        return;
      }
      const after = result.kind === "narrowed" ? result.rule : before;
      expect(rule.safeParse(after).error).toBeUndefined();
      expect(used.filter((sql) => !covers(after, sql))).toEqual([]);
      expect(POOL.filter((sql) => covers(after, sql) && !covers(before, sql))).toEqual([]);
    },
  );
});
