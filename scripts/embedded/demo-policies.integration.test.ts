import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "@/e2e/support/store";
import { readCatalogue } from "@/lib/catalogue/read";
import { mask } from "@/lib/masking/mask";
import { maskWarnings } from "@/lib/policy/mask-warnings";
import { policy } from "@/lib/policy/rule";
import { ruleWarnings } from "@/lib/policy/rule-warnings";
import { simulateStatement } from "@/lib/policy/simulation";
import { type Catalogue, compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP_TABLES, SHOP_VIEWS } from "../shop/schema";
import { DEMO_MASKS } from "./demo-masks";
import { DEMO_RULES } from "./demo-policies";

/** The rules name the schema `shop`; a database of that name of the tests' own. */
const SCHEMA = "shop";

describe("the demo's policies", () => {
  let server: Connection;
  let catalogue: Catalogue;
  beforeAll(async () => {
    server = await mysql.createConnection(testServer());
    await server.query(`CREATE DATABASE ${SCHEMA}`);
    await server.query(`USE ${SCHEMA}`);
    for (const statement of [...Object.values(SHOP_TABLES), ...Object.values(SHOP_VIEWS)])
      await server.query(statement);
    const whole = await readCatalogue(async (sql) => (await server.query<RowDataPacket[]>(sql))[0]);
    catalogue = compileCatalogue({ ...whole, tables: whole.tables.filter((one) => one.schema === SCHEMA) });
  });
  afterAll(async () => {
    await server.query(`DROP DATABASE ${SCHEMA}`);
    await server.end();
  });

  function outcome(agent: string, sql: string): string {
    const own = policy.parse({ name: agent, identities: [{ client_id: agent }], rules: DEMO_RULES[agent] });
    const context = { catalogue, connectionSchema: SCHEMA, defaultSchema: SCHEMA };
    const result = simulateStatement({ sql, policies: [own], masks: [], groups: [], ...context });
    return result.kind === "decided" ? `${result.verdict.effect} by ${result.verdict.rule ?? "default"}` : result.code;
  }

  it.each(Object.keys(DEMO_RULES))("name only what the demo database has: %s", (agent) => {
    const { rules } = policy.parse({ name: agent, identities: [], rules: DEMO_RULES[agent] });
    expect(ruleWarnings(rules, catalogue, SCHEMA)).toEqual([]);
  });

  it("hide only what the demo database has, by methods that fit", () => {
    expect(
      maskWarnings(
        DEMO_MASKS.map((one) => mask.parse(one)),
        catalogue,
      ),
    ).toEqual([]);
  });

  it.each([
    ["SELECT id, total FROM orders WHERE status IN ('open', 'paid') LIMIT 20", "allow by read orders and products"],
    ["SELECT * FROM monthly_revenue ORDER BY month DESC LIMIT 6", "allow by read orders and products"],
    [
      "SELECT c.name, COUNT(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id = ? GROUP BY c.name",
      "allow by one customer with orders",
    ],
    ["SELECT id, name FROM customers WHERE city = 'Austin' LIMIT 20", "allow by customers by name or city"],
    ["SELECT id, name FROM customers WHERE city = 'Austin'", "deny by default"],
    [
      "SELECT id FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 1 FOR UPDATE",
      "allow by find an order to ship",
    ],
    ["UPDATE orders SET status = 'shipped', shipped_at = NOW() WHERE id = 8", "allow by ship"],
    ["UPDATE orders SET status = 'refunded' WHERE id = 8", "review by refund"],
    ["UPDATE orders SET status = 'lost' WHERE id = 8", "deny by default"],
    [
      "INSERT INTO orders (customer_id, status, total, placed_at) VALUES (1, 'paid', 9.9, NOW())",
      "allow by take orders",
    ],
    ["UPDATE products SET stock = stock - 1 WHERE id = 5", "allow by stock of one product"],
    [
      "UPDATE products SET stock = stock + 5 WHERE category = 'Home' AND stock < 10",
      "review by stock of many products",
    ],
    ["UPDATE products SET price = 1 WHERE id = 5", "deny by default"],
    ["DELETE FROM orders WHERE status = 'cancelled'", "deny by default"],
    ["SELECT name, ssn FROM customers WHERE id = 1", "deny by nobody's numbers"],
    ["SELECT id, order_total FROM orders LIMIT 10", "UNKNOWN_NAME"],
  ])("let orders-agent: %s", (sql, expected) => {
    expect(outcome("orders-agent", sql)).toBe(expected);
  });

  it.each([
    ["SELECT id, name, city, segment FROM customers WHERE id = 5", "allow by one customer"],
    ["SELECT id, name, city, segment FROM customers", "deny by default"],
    ["SELECT ssn FROM customers WHERE id = 5", "deny by default"],
    [
      "SELECT id, total FROM orders WHERE customer_id = 7 ORDER BY placed_at DESC LIMIT 5",
      "allow by orders of one customer",
    ],
    ["SELECT o.id, p.amount FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.id = 3", "allow by one order"],
    ["SELECT name, email, phone FROM customers WHERE email LIKE 'omar%' LIMIT 5", "review by look for a customer"],
    ["SELECT status, COUNT(*) AS orders FROM orders GROUP BY status", "allow by orders by state"],
    ["SELECT name, cost FROM products", "deny by default"],
    ["SELECT name, salary FROM employees LIMIT 3", "deny by staff is private"],
    ["SELECT * FROM refunds LIMIT 5", "UNKNOWN_NAME"],
  ])("let support-agent: %s", (sql, expected) => {
    expect(outcome("support-agent", sql)).toBe(expected);
  });
});
