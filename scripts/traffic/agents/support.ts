import type { Shift } from "../shift";
import { type Draft, type Habits, meant, text } from "../task";

/** What it asks about customers: an assistant writes down the columns that the question is about. */
const CUSTOMER_COLUMNS = ["name", "email", "phone", "city", "segment", "notes"] as const;
const NOTES = [
  "Called about a late parcel.",
  "Asked for an invoice by e-mail.",
  "Wants to change the delivery address.",
  "Sent a voucher for the trouble.",
] as const;

/** Answers questions of the support desk, in SQL that an assistant writes: text, with values in it. */
export const SUPPORT_AGENT: Habits = {
  opening: () => meant("housekeeping", text("SET NAMES utf8mb4"), text("SELECT @@version_comment LIMIT 1")),
  metadata: [
    () => meant("metadata", text("SHOW TABLES")),
    (s) => meant("metadata", text(`DESCRIBE ${s.random.pick(["customers", "orders", "payments"])}`)),
    (s) =>
      meant(
        "metadata",
        text(
          "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
          s.random.pick(["customers", "orders", "payments"]),
        ),
      ),
  ],
  work: [
    [16, customer],
    [
      14,
      (s) => [
        text(
          `SELECT id, status, total, placed_at FROM orders WHERE customer_id = ? ORDER BY placed_at DESC LIMIT ${s.random.pick([3, 5, 5, 10])}`,
          s.caller(),
        ),
      ],
    ],
    [
      10,
      (s) => [
        text(
          "SELECT o.id, o.status, p.method, p.status AS payment, p.amount FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.id = ?",
          s.order(),
        ),
      ],
    ],
    [
      8,
      (s) => [
        text(
          "SELECT p.name, i.quantity, i.unit_price FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = ?",
          s.order(),
        ),
      ],
    ],
    [6, (s) => [text("SELECT id, name, segment FROM customers WHERE email = ?", s.email())]],
    [5, (s) => [text("SELECT id, name, city FROM customers WHERE name LIKE ? ORDER BY name LIMIT 10", s.nameStart())]],
    [5, (s) => [text(`SELECT id, name, price, stock FROM products WHERE name LIKE ? LIMIT ${s.limit()}`, s.thing())]],
    [
      4,
      (s) => [
        text(
          "SELECT c.name, COUNT(o.id) AS orders, COALESCE(SUM(o.total), 0) AS spent FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id = ? GROUP BY c.id, c.name",
          s.customer(),
        ),
      ],
    ],
    [3, (s) => [text("UPDATE customers SET notes = ? WHERE id = ?", s.random.pick(NOTES), s.customer())]],
  ],
  rare: [
    (s) => [text("SELECT COUNT(*) AS customers FROM customers WHERE city = ?", s.city())],
    (s) => [text("UPDATE customers SET address = ?, city = ? WHERE id = ?", "12 Mill Lane", s.city(), s.customer())],
    (s) => [text("UPDATE payments SET status = 'refunded' WHERE order_id = ?", s.order())],
    () => [text("SELECT segment, COUNT(*) AS customers FROM customers GROUP BY segment")],
    (s) => [text("SELECT name, department, title FROM employees WHERE id = ?", s.random.int(1, 40))],
  ],
};

function customer(s: Shift): readonly Draft[] {
  const columns = CUSTOMER_COLUMNS.filter((_, at) => at === 0 || s.random.chance(0.5));
  return [text(`SELECT ${["id", ...columns].join(", ")} FROM customers WHERE id = ?`, s.caller())];
}
