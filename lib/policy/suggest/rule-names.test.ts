import { describe, expect, it } from "vitest";
import { learn, ran } from "./learning.fixture";

const repeat = (count: number, sql: (at: number) => string) => Array.from({ length: count }, (_, at) => sql(at * 3));
const named = (...texts: readonly ((at: number) => string)[]) =>
  learn(ran(texts.flatMap((text, at) => repeat(40 - at, text))))
    .rules.map((one) => one.rule.name)
    .sort();

describe("the name of a proposed rule", () => {
  it.each<[string, (at: number) => string]>([
    ["read orders by id", (at) => `SELECT id, total FROM orders WHERE id = ${at}`],
    ["lock orders by id", (at) => `SELECT id, total FROM orders WHERE id = ${at} FOR UPDATE`],
    ["read orders per city", () => "SELECT city, COUNT(*) AS n FROM orders GROUP BY city"],
    ["read orders by id", (at) => `SELECT city, COUNT(*) FROM orders WHERE id = ${at} GROUP BY city`],
    ["update price of items by id", (at) => `UPDATE items SET price = ${at} WHERE id = ${at}`],
    ["update price, quantity of items by id", (at) => `UPDATE items SET price = 1, quantity = ${at} WHERE id = ${at}`],
    ["insert items", (at) => `INSERT INTO items (id, price) VALUES (${at}, 5)`],
    [
      "insert or update items",
      (at) => `INSERT INTO items (id, price) VALUES (${at}, 5) ON DUPLICATE KEY UPDATE price = 5`,
    ],
    ["delete items by id", (at) => `DELETE FROM items WHERE id = ${at}`],
    [
      "read orders, items by id",
      (at) => `SELECT o.id, i.price FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id = ${at}`,
    ],
    ["read without tables", () => "SELECT SLEEP(5)"],
  ])("says what it does: %s", (name, text) => {
    expect(named(text)).toEqual([name]);
  });

  it("tells rules that do the same apart by what they give, and else by a number", () => {
    const [city, total] = ["SELECT city FROM orders WHERE id = ", "SELECT total FROM orders WHERE id = "];
    expect(
      named(
        (at) => `${city}${at}`,
        (at) => `${total}${at}`,
        (at) => `${total}${at} AND status = 'paid' AND id > 0`,
      ),
    ).toEqual(["read orders by id", "read orders by id (total)", "read orders by id, status"]);
    expect(
      named(
        (at) => `UPDATE items SET price = ${at} WHERE id = ${at}`,
        (at) => `UPDATE items SET price = price + ${at} WHERE id = ${at}`,
      ),
    ).toEqual(["update price of items by id", "update price of items by id 2"]);
  });
});
