import type { z } from "zod";
import type { rule } from "@/lib/policy/rule";

type RuleInput = z.input<typeof rule>;

/** What the demo's agents may do on the demo database: something of every kind of rule. */
export const DEMO_RULES: Readonly<Record<string, readonly RuleInput[]>> = {
  "orders-agent": [
    {
      name: "nobody's numbers",
      effect: "deny",
      columns: ["shop.customers.ssn", "shop.customers.card_number"],
    },
    {
      name: "read orders and products",
      effect: "allow",
      statements: ["select"],
      tables: [
        "shop.orders",
        "shop.order_items",
        "shop.products",
        "shop.payments",
        "shop.order_summary",
        "shop.monthly_revenue",
      ],
    },
    {
      name: "one customer with orders",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers", "shop.orders", "shop.order_items", "shop.products"],
      columns: ["shop.*.*", "!shop.customers.notes"],
      where: ["shop.customers.id"],
    },
    {
      name: "customers by name or city",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: ["shop.customers.id", "shop.customers.name", "shop.customers.city", "shop.customers.segment"],
      max_limit: 100,
    },
    {
      name: "find an order to ship",
      effect: "allow",
      template: "SELECT id FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 1 FOR UPDATE",
    },
    {
      name: "ship",
      effect: "allow",
      template: "UPDATE orders SET status = 'shipped', shipped_at = NOW() WHERE id = ?",
      parameters: [{ type: "integer" }],
    },
    {
      name: "take orders",
      effect: "allow",
      statements: ["insert"],
      tables: ["shop.orders", "shop.order_items"],
    },
    {
      name: "stock of one product",
      effect: "allow",
      statements: ["update"],
      tables: ["shop.products"],
      columns: ["shop.products.id", "shop.products.stock"],
      where: ["shop.products.id"],
    },
    {
      name: "refund",
      effect: "review",
      template: "UPDATE orders SET status = ? WHERE id = ?",
      parameters: [{ in: ["refunded", "cancelled"] }, { type: "integer" }],
    },
    {
      name: "stock of many products",
      effect: "review",
      statements: ["update"],
      tables: ["shop.products"],
      columns: ["shop.products.*", "!shop.products.price", "!shop.products.cost"],
    },
  ],
  "support-agent": [
    { name: "staff is private", effect: "deny", tables: ["shop.employees"] },
    {
      name: "one customer",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers", "shop.orders", "shop.order_items", "shop.payments"],
      columns: ["shop.*.*", "!shop.customers.ssn", "!shop.customers.card_number"],
      where: ["shop.customers.id"],
    },
    {
      name: "orders of one customer",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders", "shop.order_items"],
      where: ["shop.orders.customer_id"],
      max_limit: 50,
    },
    {
      name: "one order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders", "shop.order_items", "shop.payments", "shop.products"],
      columns: ["shop.*.*", "!shop.products.cost"],
      where: ["shop.orders.id"],
    },
    {
      name: "products without cost",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.products"],
      columns: ["shop.products.*", "!shop.products.cost"],
    },
    {
      name: "orders by state",
      effect: "allow",
      template: "SELECT status, COUNT(*) AS orders FROM orders GROUP BY status",
    },
    {
      name: "look for a customer",
      effect: "review",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: ["shop.customers.id", "shop.customers.name", "shop.customers.email", "shop.customers.phone"],
      max_limit: 20,
    },
  ],
};
