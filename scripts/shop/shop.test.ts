import { describe, expect, it } from "vitest";
import { generateShop } from "./generate";
import { luhnCheckDigit, passesLuhn } from "./luhn";
import { createRandom } from "./random";

const shop = generateShop();

/** One column of a generated table. */
function column(table: keyof typeof shop, name: string) {
  const { columns, rows } = shop[table];
  return rows.map((row) => row[columns.indexOf(name)] ?? null);
}

describe("Luhn check digits", () => {
  it.each([
    ["7992739871", "3"],
    ["411111111111111", "1"],
    ["37828224631000", "5"],
  ])("of %s is %s", (digits, expected) => {
    expect(luhnCheckDigit(digits)).toBe(expected);
    expect(passesLuhn(digits + expected)).toBe(true);
  });

  it("do not fit a number with one wrong digit", () => {
    expect(passesLuhn("4111111111111112")).toBe(false);
    expect(passesLuhn("4111111111111171")).toBe(false);
  });
});

describe("the reproducible random numbers", () => {
  it("repeat with the seed and differ without it", () => {
    const draw = (seed: number) => Array.from({ length: 20 }, createRandom(seed).next);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("stay within their bounds and reach both", () => {
    const random = createRandom(1);
    const seen = new Set(Array.from({ length: 500 }, () => random.int(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });
});

describe("the demo shop", () => {
  it("is the same every time it is made", () => {
    expect(generateShop()).toEqual(shop);
    expect(generateShop(1)).not.toEqual(generateShop(2));
  });

  it("has a few thousand rows whose keys fit one another", () => {
    expect(shop.customers.rows).toHaveLength(1200);
    expect(shop.orders.rows).toHaveLength(3000);
    const fits = (name: string, table: keyof typeof shop, target: keyof typeof shop) => {
      const ids = new Set(column(target, "id"));
      return column(table, name).every((value) => value === null || ids.has(value));
    };
    expect(fits("customer_id", "orders", "customers")).toBe(true);
    expect(fits("employee_id", "orders", "employees")).toBe(true);
    expect(fits("order_id", "order_items", "orders")).toBe(true);
    expect(fits("product_id", "order_items", "products")).toBe(true);
    expect(fits("order_id", "payments", "orders")).toBe(true);
    expect(fits("manager_id", "employees", "employees")).toBe(true);
  });

  it("adds each order's lines up to its total", () => {
    const { orders, order_items: items } = shop;
    const sums = new Map<unknown, number>();
    for (const [order, , , quantity, price] of items.rows) {
      sums.set(order, (sums.get(order) ?? 0) + Math.round(Number(price) * 100) * Number(quantity));
    }
    expect(orders.rows.filter((row) => sums.get(row[0]) !== Math.round(Number(row[4]) * 100))).toEqual([]);
  });

  it("holds nobody's real data: reserved mailboxes, fictional phones, never-issued social security numbers, test cards", () => {
    expect(column("customers", "email").every((mail) => /@example\.(com|org|net)$/.test(String(mail)))).toBe(true);
    expect(column("customers", "phone").every((p) => p === null || /^\+1 \d{3} 555 01\d\d$/.test(String(p)))).toBe(
      true,
    );
    expect(column("customers", "ssn").every((ssn) => /^666-\d\d-\d{4}$/.test(String(ssn)))).toBe(true);
    expect(column("customers", "card_number").every((n) => n === null || passesLuhn(String(n)))).toBe(true);
  });

  it("gives every customer an e-mail address and a social security number of their own", () => {
    expect(new Set(column("customers", "email")).size).toBe(1200);
    expect(new Set(column("customers", "ssn")).size).toBe(1200);
  });
});
