import type { Shift } from "../shift";
import { type Draft, type Habits, meant, text } from "../task";

const SPANS = [1, 7, 7, 14, 30, 90] as const;
const SOLD = "o.status NOT IN ('cancelled', 'refunded')";

/** Writes reports: sums by day, by product, by city; no single customer. */
export const REPORTING_AGENT: Habits = {
  opening: () => meant("housekeeping", text("SET NAMES utf8mb4"), text("SET time_zone = '+00:00'")),
  metadata: [
    () => meant("metadata", text("SHOW FULL TABLES")),
    () =>
      meant(
        "metadata",
        text(
          "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN ('orders', 'order_items', 'products') ORDER BY table_name, ordinal_position",
        ),
      ),
  ],
  work: [
    [14, byDay],
    [12, topProducts],
    [
      8,
      (s) => [
        text(
          `SELECT p.category, SUM(i.quantity) AS sold, SUM(i.quantity * i.unit_price) AS revenue FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id WHERE o.placed_at >= ? AND ${SOLD} GROUP BY p.category ORDER BY revenue DESC`,
          s.wholeHour(24 * s.random.pick(SPANS)),
        ),
      ],
    ],
    [
      8,
      (s) => [
        text(
          "SELECT c.city, COUNT(*) AS orders, SUM(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at >= ? GROUP BY c.city ORDER BY revenue DESC LIMIT 10",
          s.wholeHour(24 * s.random.pick(SPANS)),
        ),
      ],
    ],
    [
      6,
      (s) => [
        text(
          "SELECT c.segment, COUNT(DISTINCT o.customer_id) AS buyers, AVG(o.total) AS average FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at BETWEEN ? AND ? GROUP BY c.segment",
          s.wholeHour(24 * s.random.pick(SPANS)),
          s.wholeHour(0),
        ),
      ],
    ],
    [
      6,
      (s) => [
        text(
          "SELECT method, status, COUNT(*) AS payments, SUM(amount) AS amount FROM payments WHERE paid_at >= ? GROUP BY method, status",
          s.wholeHour(24 * s.random.pick(SPANS)),
        ),
      ],
    ],
    [
      5,
      (s) => [
        text(
          "SELECT HOUR(placed_at) AS hour, COUNT(*) AS orders FROM orders WHERE placed_at >= ? AND placed_at < ? GROUP BY HOUR(placed_at) ORDER BY hour",
          s.wholeHour(24),
          s.wholeHour(0),
        ),
      ],
    ],
    [
      5,
      (s) => [
        text(
          `SELECT month, orders, revenue FROM monthly_revenue ORDER BY month DESC LIMIT ${s.random.pick([3, 6, 12])}`,
        ),
      ],
    ],
    [3, (s) => [text("SELECT COUNT(*) AS orders FROM orders WHERE status = ?", s.random.pick(["open", "paid"]))]],
  ],
  rare: [
    () => [text("SELECT category, AVG(price - cost) AS margin FROM products GROUP BY category")],
    () => [text("SELECT department, COUNT(*) AS people FROM employees GROUP BY department")],
    (s) => [
      text(
        "WITH spent AS (SELECT customer_id, SUM(total) AS total FROM orders WHERE placed_at >= ? GROUP BY customer_id) SELECT COUNT(*) AS customers, AVG(total) AS average FROM spent",
        s.day(90),
      ),
    ],
    () => [
      text(
        "SELECT placed_on, orders, SUM(orders) OVER (ORDER BY placed_on) AS so_far FROM (SELECT DATE(placed_at) AS placed_on, COUNT(*) AS orders FROM orders GROUP BY DATE(placed_at)) d ORDER BY placed_on DESC LIMIT 30",
      ),
    ],
  ],
};

function byDay(s: Shift): readonly Draft[] {
  const measures = s.random.pick([
    "COUNT(*) AS orders",
    "COUNT(*) AS orders, SUM(total) AS revenue",
    "SUM(total) AS revenue",
  ]);
  return [
    text(
      `SELECT DATE(placed_at) AS day, ${measures} FROM orders WHERE placed_at >= ? AND placed_at < ? GROUP BY DATE(placed_at) ORDER BY day`,
      s.day(s.random.pick(SPANS)),
      s.wholeHour(0),
    ),
  ];
}

function topProducts(s: Shift): readonly Draft[] {
  const inCategory = s.random.chance(0.4);
  return [
    text(
      `SELECT p.id, p.name, SUM(i.quantity) AS sold FROM order_items i JOIN products p ON p.id = i.product_id JOIN orders o ON o.id = i.order_id WHERE o.placed_at >= ?${inCategory ? " AND p.category = ?" : ""} GROUP BY p.id, p.name ORDER BY sold DESC LIMIT ${s.random.pick([5, 10, 10, 20])}`,
      s.wholeHour(24 * s.random.pick(SPANS)),
      ...(inCategory ? [s.category()] : []),
    ),
  ];
}
