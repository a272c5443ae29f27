import { describe, expect, it } from "vitest";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { compilePolicies } from "./compile";
import { literalValues } from "./literal-values";
import { decide, explain, nearestRule, planFor } from "./plan";
import { policy } from "./rule";
import { type StatementContext, understand } from "./understand";
import { understandTemplate } from "./understand-template";
import type { StatementValue } from "./value";

const context: StatementContext = {
  dialect: "mariadb",
  catalogue: compileCatalogue(SHOP),
  defaultSchema: "shop",
  pipesAsConcat: false,
};

/** The effect of one statement under one policy, or the code of the refusal before it. */
function effect(
  sql: string,
  rules: unknown[],
  options: { bound?: StatementValue[]; defaults?: object; schema?: string } = {},
) {
  const here = { ...context, defaultSchema: options.schema ?? "shop" };
  const set = compilePolicies([policy.parse({ name: "p", identities: [], rules, ...options.defaults })], (text) =>
    understandTemplate(text, context),
  );
  const understood = understand(Buffer.from(sql), here);
  if (!understood.ok) return understood.code;
  const plan = planFor(set, understood.subject);
  return decide(plan, literalValues(understood.canonical.literals, options.bound ?? null)).effect;
}

const readShop = { name: "read", effect: "allow", statements: ["select"], tables: ["shop.*"] };
const oneOrder = {
  name: "one order",
  effect: "allow",
  statements: ["read"],
  tables: ["shop.orders"],
  where: ["shop.orders.id"],
  max_limit: 10,
};

describe("statements through rules", () => {
  it.each([
    ["SELECT id, name FROM people", "allow"],
    ["SELECT p.name, o.total FROM people p JOIN orders o ON o.person_id = p.id WHERE o.id = 5", "allow"],
    ["SELECT * FROM shop.people; ", "allow"],
    ["SELECT /* purpose: look */ 1 FROM orders", "allow"],
    ["WITH x AS (SELECT id FROM orders) SELECT * FROM x", "allow"],
    ["SELECT id FROM orders UNION SELECT id FROM other.people", "deny"],
    ["SELECT id FROM orders WHERE id IN (SELECT id FROM other.people)", "deny"],
    ["SELECT id FROM orders FOR UPDATE", "deny"],
    ["SELECT id FROM orders INTO OUTFILE '/tmp/x'", "deny"],
    ["SELECT SLEEP(5) FROM orders", "deny"],
    ["DELETE FROM orders", "deny"],
    ["INSERT INTO orders (id) VALUES (1)", "deny"],
    ["DROP TABLE orders", "deny"],
    ["GRANT ALL ON *.* TO x", "deny"],
    ["FLUSH TABLES", "deny"],
    ["SELECT nothing FROM orders", "UNKNOWN_NAME"],
    ["SELECT id FROM nowhere", "UNKNOWN_NAME"],
    ["SELEC 1", "UNKNOWN_STATEMENT"],
    ["SELECT 1 /*! UNION SELECT secret FROM people */", "executable_comment"],
    ["SELECT 1; DELETE FROM orders", "several_statements"],
    ["PREPARE s FROM 'DELETE FROM orders'", "REFUSED_STATEMENT"],
    ["EXECUTE IMMEDIATE 'DELETE FROM orders'", "REFUSED_STATEMENT"],
    ["HANDLER orders OPEN", "REFUSED_STATEMENT"],
    ["DO SLEEP(5)", "REFUSED_STATEMENT"],
    ["LOAD DATA INFILE '/etc/passwd' INTO TABLE orders", "REFUSED_STATEMENT"],
    ["ANALYZE SELECT 1", "REFUSED_STATEMENT"],
    ["SET STATEMENT max_statement_time=1 FOR SELECT 1", "REFUSED_STATEMENT"],
  ])("%s: %s under a rule that reads the shop", (sql, expected) => {
    expect(effect(sql, [readShop])).toBe(expected);
  });

  it("allows nothing of those kinds that run what is not seen, whatever the rule", () => {
    const everything = { name: "all", effect: "allow", statements: ["read", "write", "ddl", "admin"] };
    for (const sql of [
      "PREPARE s FROM 'x'",
      "EXECUTE s",
      "HANDLER orders READ FIRST",
      "DO 1",
      "LOAD DATA INFILE 'x' INTO TABLE orders",
    ]) {
      expect(effect(sql, [everything])).toBe("REFUSED_STATEMENT");
    }
    expect(effect("FLUSH TABLES", [everything])).toBe("allow");
    expect(effect("DROP TABLE orders", [everything])).toBe("allow");
  });

  it("lets drivers keep house without any rule", () => {
    for (const sql of [
      "SET NAMES utf8mb4",
      "SET autocommit=0",
      "BEGIN",
      "COMMIT",
      "SELECT 1",
      "SELECT @@version_comment LIMIT 1",
      "SHOW WARNINGS",
    ]) {
      expect(effect(sql, [])).toBe("allow");
    }
  });

  it("shows metadata of what rules are about, and the safe part of information_schema", () => {
    expect(effect("SHOW TABLES", [readShop])).toBe("allow");
    expect(effect("DESCRIBE orders", [readShop])).toBe("allow");
    expect(effect("DESCRIBE orders", [])).toBe("deny");
    expect(effect("SHOW TABLES FROM other", [readShop])).toBe("deny");
    expect(effect("EXPLAIN SELECT id FROM orders", [readShop])).toBe("allow");
    expect(effect("EXPLAIN DELETE FROM orders", [readShop])).toBe("deny");
    expect(effect("USE shop", [readShop])).toBe("allow");
    expect(effect("USE other", [readShop])).toBe("deny");
    expect(effect("SHOW TABLES", [readShop], { defaults: { metadata: "deny" } })).toBe("deny");
  });

  it("demands pins and limits in every branch", () => {
    expect(effect("SELECT * FROM orders WHERE id = 5 LIMIT 10", [oneOrder])).toBe("allow");
    expect(
      effect("SELECT * FROM orders WHERE id = ? LIMIT 10", [oneOrder], {
        bound: [{ kind: "number", text: "5", form: "integer" }],
      }),
    ).toBe("allow");
    expect(effect("SELECT * FROM orders WHERE id = 5 LIMIT 11", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders WHERE id = 5", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders WHERE id = 5 OR 1 = 1 LIMIT 10", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders WHERE id > 5 LIMIT 10", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders WHERE id = id LIMIT 10", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders a JOIN orders b WHERE a.id = 5 LIMIT 10", [oneOrder])).toBe("deny");
    expect(effect("SELECT * FROM orders WHERE id = 5 UNION SELECT * FROM orders LIMIT 10", [oneOrder])).toBe("deny");
  });

  it("demands a text value where a parameter pins a text column", () => {
    const rule = { ...readShop, where: ["shop.people.name"] };
    const sql = "SELECT id FROM people WHERE name = ?";
    expect(effect(sql, [rule], { bound: [{ kind: "string", text: "Ada" }] })).toBe("allow");
    expect(effect(sql, [rule], { bound: [{ kind: "number", text: "0", form: "integer" }] })).toBe("deny");
    expect(effect("SELECT id FROM people WHERE name = 0", [rule])).toBe("deny");
    expect(effect("SELECT id FROM people WHERE name = 'Ada'", [rule])).toBe("allow");
  });

  it("never lets a temporary table hide a table that rules are about", () => {
    const ddl = { name: "ddl", effect: "allow", statements: ["ddl", "select"] };
    const template = { name: "t", effect: "allow", template: "CREATE TEMPORARY TABLE orders (id INT)" };
    expect(effect("CREATE TEMPORARY TABLE orders (id INT)", [ddl, template])).toBe("REFUSED_STATEMENT");
  });

  describe("templates", () => {
    const refund = {
      name: "refund",
      effect: "allow",
      template: "UPDATE orders SET status = ? WHERE id = ?",
      parameters: [{ in: ["refunded", "cancelled"] }, { type: "integer" }],
    };
    it.each([
      ["UPDATE orders SET status = 'refunded' WHERE id = 5", "allow"],
      ["update `orders` set status='cancelled' where id=77 -- now", "allow"],
      ["UPDATE shop.orders SET status = 'refunded' WHERE id = 5", "deny"],
      ["UPDATE orders SET status = 'paid' WHERE id = 5", "deny"],
      ["UPDATE orders SET status = 'refunded' WHERE id = '5 or 1'", "deny"],
      ["UPDATE orders SET status = 'refunded' WHERE id = 5 OR 1", "deny"],
      ["UPDATE orders SET status = 'refunded' WHERE id = NULL", "deny"],
      ["UPDATE orders SET status = 'refunded'", "deny"],
    ])("%s: %s", (sql, expected) => {
      expect(effect(sql, [refund])).toBe(expected);
    });

    it("do not follow the client into another schema", () => {
      expect(effect("UPDATE orders SET status = 'refunded' WHERE id = 5", [refund], { schema: "other" })).not.toBe(
        "allow",
      );
    });
  });

  it("says of a denied statement which rule came nearest and what it lacked", () => {
    const set = compilePolicies([policy.parse({ name: "p", identities: [], rules: [oneOrder] })], (text) =>
      understandTemplate(text, context),
    );
    const understood = understand(Buffer.from("SELECT * FROM orders WHERE id = 5 LIMIT 50"), context);
    if (!understood.ok) throw new Error(understood.message);
    const explained = explain(planFor(set, understood.subject), literalValues(understood.canonical.literals, null));
    expect(nearestRule(explained)).toBe('rule "one order" would allow it, but LIMIT must be at most 10');
  });
});
