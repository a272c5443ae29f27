import type { Shift } from "../shift";
import { type Draft, type Habits, marks, meant, prepared, text, transaction } from "../task";

/** Keeps stock and catalogue in order: reads products, and changes the stock of one at a time. */
export const STOCK_AGENT: Habits = {
  opening: () => meant("housekeeping", text("SET NAMES utf8mb4"), text("SELECT 1")),
  metadata: [
    () => meant("metadata", text("DESCRIBE products")),
    () => meant("metadata", text("SHOW INDEX FROM products")),
    () => meant("metadata", text("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")),
  ],
  work: [
    [16, (s) => [prepared("SELECT id, sku, name, stock FROM products WHERE sku = ?", s.sku())]],
    [14, (s) => [prepared("SELECT id, name, category, price, stock, active FROM products WHERE id = ?", s.product())]],
    [
      10,
      (s) => [
        text(
          `SELECT id, sku, name, stock FROM products WHERE stock < ${s.random.pick([5, 10, 10, 20, 50])} AND active = 1 ORDER BY stock LIMIT ${s.limit()}`,
        ),
      ],
    ],
    [
      8,
      (s) => [
        prepared(
          "SELECT id, name, price, stock FROM products WHERE category = ? AND active = 1 ORDER BY name",
          s.category(),
        ),
      ],
    ],
    [6, several],
    [6, (s) => [prepared("UPDATE products SET stock = ? WHERE id = ?", s.random.int(0, 400), s.product())]],
    [4, count],
    [
      5,
      (s) => [
        prepared(
          "SELECT i.product_id, SUM(i.quantity) AS sold FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.product_id = ? AND o.placed_at >= ? GROUP BY i.product_id",
          s.product(),
          s.day(s.random.pick([7, 30])),
        ),
      ],
    ],
    [3, () => [text("SELECT category, COUNT(*) AS products, SUM(stock) AS pieces FROM products GROUP BY category")]],
  ],
  rare: [
    (s) => [prepared("UPDATE products SET active = ? WHERE id = ?", s.random.pick([0, 1]), s.product())],
    (s) => [prepared("UPDATE products SET price = ? WHERE id = ?", s.price(), s.product())],
    () => [text("SELECT sku, COUNT(*) AS copies FROM products GROUP BY sku HAVING COUNT(*) > 1")],
    () => [
      text(
        "SELECT p.id, p.name FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id) LIMIT 50",
      ),
    ],
  ],
};

function several(s: Shift): readonly Draft[] {
  const ids = s.several(() => s.product(), 2, 5);
  return [prepared(`SELECT id, stock FROM products WHERE id IN (${marks(ids)})`, ...ids)];
}

/** Counted on the shelf: looks and corrects, so that nobody sells in between. */
function count(s: Shift): readonly Draft[] {
  const id = s.product();
  return transaction([
    prepared("SELECT stock FROM products WHERE id = ? FOR UPDATE", id),
    prepared("UPDATE products SET stock = stock + ? WHERE id = ?", s.random.int(-3, 12), id),
  ]);
}
