import type { Shift } from "../shift";
import { type Draft, type Habits, meant, prepared, text, transaction } from "../task";

const STATUSES = ["open", "paid", "shipped", "delivered"] as const;

/** Looks after orders: prepared statements, transactions, and searches put together from what was asked for. */
export const ORDERS_AGENT: Habits = {
  opening: () => meant("housekeeping", text("SET NAMES utf8mb4"), text("SET SESSION autocommit = 1")),
  metadata: [
    () => meant("metadata", text("SHOW TABLES")),
    () => meant("metadata", text("DESCRIBE orders")),
    () => meant("metadata", text("SHOW COLUMNS FROM order_items")),
  ],
  work: [
    [
      18,
      (s) => [
        prepared("SELECT id, customer_id, status, total, placed_at, shipped_at FROM orders WHERE id = ?", s.order()),
      ],
    ],
    [
      14,
      (s) => [
        prepared(
          "SELECT i.line, p.name, i.quantity, i.unit_price FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = ? ORDER BY i.line",
          s.order(),
        ),
      ],
    ],
    [8, (s) => [prepared("SELECT method, amount, status, paid_at FROM payments WHERE order_id = ?", s.order())]],
    [8, (s) => [prepared("SELECT name, address, city, postal_code FROM customers WHERE id = ?", s.caller())]],
    [6, waiting],
    [8, search],
    [5, ship],
    [4, place],
    [2, cancel],
    [4, () => [text("SELECT status, COUNT(*) AS orders FROM orders GROUP BY status")]],
  ],
  rare: [
    () => [text("SELECT MIN(placed_at) AS first, MAX(placed_at) AS last FROM orders")],
    () => [
      text(
        "SELECT o.id, o.total FROM orders o LEFT JOIN payments p ON p.order_id = o.id WHERE p.id IS NULL AND o.status = 'shipped' LIMIT 20",
      ),
    ],
    () => [text("SELECT id, total FROM orders WHERE total > (SELECT AVG(total) * 4 FROM orders) LIMIT 10")],
    (s) => [prepared("UPDATE orders SET employee_id = ? WHERE id = ?", s.random.int(1, 40), s.order())],
    (s) => [text("SELECT id, customer, city, items FROM order_summary WHERE id = ?", s.order())],
  ],
};

function waiting(s: Shift): readonly Draft[] {
  const status = s.random.pick(["open", "paid", "paid"]);
  const columns = "id, customer_id, total, placed_at";
  return [text(`SELECT ${columns} FROM orders WHERE status = ? ORDER BY placed_at LIMIT ${s.limit()}`, status)];
}

/** Only the conditions that somebody asked for: many templates, all about the same columns of one table. */
function search(s: Shift): readonly Draft[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const when = (chance: number, condition: string, ...given: readonly (string | number)[]) => {
    if (!s.random.chance(chance)) return;
    conditions.push(condition);
    values.push(...given);
  };
  when(0.6, "status = ?", s.random.pick(STATUSES));
  when(0.5, "placed_at >= ?", s.day(s.random.pick([1, 2, 7, 14, 30])));
  when(0.3, "total >= ?", s.random.pick([50, 100, 250, 500]));
  if (conditions.length === 0) when(1, "customer_id = ?", s.customer());
  const order = s.random.pick(["placed_at DESC", "placed_at DESC", "total DESC", "id DESC"]);
  return [
    text(
      `SELECT id, status, total, placed_at FROM orders WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ${s.limit()}`,
      ...values,
    ),
  ];
}

function ship(s: Shift): readonly Draft[] {
  const id = s.order();
  return transaction([
    prepared("SELECT id, status FROM orders WHERE id = ? FOR UPDATE", id),
    prepared("UPDATE orders SET status = ?, shipped_at = ? WHERE id = ?", "shipped", s.moment(), id),
  ]);
}

function place(s: Shift): readonly Draft[] {
  const [product, quantity, price] = [s.product(), s.random.pick([1, 1, 1, 2, 3]), s.price()];
  return transaction([
    prepared("SELECT id, price, stock FROM products WHERE id = ?", product),
    prepared(
      "INSERT INTO orders (customer_id, status, total, placed_at) VALUES (?, ?, ?, ?)",
      ...[s.customer(), s.random.pick(["open", "paid", "paid"]), (Number(price) * quantity).toFixed(2), s.moment()],
    ),
    prepared(
      "INSERT INTO order_items (order_id, line, product_id, quantity, unit_price) VALUES (LAST_INSERT_ID(), 1, ?, ?, ?)",
      ...[product, quantity, price],
    ),
    prepared("UPDATE products SET stock = stock - ? WHERE id = ?", quantity, product),
  ]);
}

function cancel(s: Shift): readonly Draft[] {
  return [prepared("UPDATE orders SET status = ? WHERE id = ?", s.random.pick(["cancelled", "paid"]), s.order())];
}
