import type { z } from "zod";
import { type Policy, policy, type rule } from "@/lib/policy/rule";

type RuleInput = z.input<typeof rule>;

/** What a careful administrator writes for the honest agents of the demo's traffic, who knows what each of them is there for. */
const RULES = {
  "orders-agent": [
    {
      name: "one order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      columns: columns("orders", "id, customer_id, status, total, placed_at, shipped_at"),
      where: ["shop.orders.id"],
    },
    {
      name: "lists of orders",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      columns: columns("orders", "id, customer_id, status, total, placed_at"),
      max_limit: 100,
    },
    {
      name: "items of an order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.order_items", "shop.products"],
      columns: [
        ...columns("order_items", "order_id, line, product_id, quantity, unit_price"),
        ...columns("products", "id, name"),
      ],
      where: ["shop.order_items.order_id"],
    },
    {
      name: "payments of an order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.payments"],
      columns: columns("payments", "order_id, method, amount, status, paid_at"),
      where: ["shop.payments.order_id"],
    },
    {
      name: "where an order goes",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: columns("customers", "id, name, address, city, postal_code"),
      where: ["shop.customers.id"],
    },
    {
      name: "one product",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.products"],
      columns: columns("products", "id, price, stock"),
      where: ["shop.products.id"],
    },
    template("how many orders there are", "SELECT status, COUNT(*) AS orders FROM orders GROUP BY status"),
    template("since when there are orders", "SELECT MIN(placed_at) AS first, MAX(placed_at) AS last FROM orders"),
    {
      name: "shipped and not paid",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders", "shop.payments"],
      columns: [...columns("orders", "id, total, status"), ...columns("payments", "id, order_id")],
      max_limit: 20,
    },
    {
      name: "summary of an order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.order_summary"],
      columns: columns("order_summary", "id, customer, city, items"),
      where: ["shop.order_summary.id"],
    },
    template("lock an order", "SELECT id, status FROM orders WHERE id = ? FOR UPDATE", [{ type: "integer" }]),
    {
      name: "change an order",
      effect: "allow",
      statements: ["update"],
      tables: ["shop.orders"],
      columns: columns("orders", "id, status, shipped_at, employee_id"),
      where: ["shop.orders.id"],
    },
    {
      name: "take an order",
      effect: "allow",
      statements: ["insert"],
      tables: ["shop.orders"],
      columns: columns("orders", "customer_id, status, total, placed_at"),
    },
    {
      name: "take items of an order",
      effect: "allow",
      statements: ["insert"],
      tables: ["shop.order_items"],
      columns: columns("order_items", "order_id, line, product_id, quantity, unit_price"),
    },
    {
      name: "take from stock",
      effect: "allow",
      statements: ["update"],
      tables: ["shop.products"],
      columns: columns("products", "id, stock"),
      where: ["shop.products.id"],
    },
  ],
  "support-agent": [
    {
      name: "one customer",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: columns("customers", "id, name, email, phone, city, segment, notes"),
      where: ["shop.customers.id"],
    },
    {
      name: "a customer by e-mail",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: columns("customers", "id, name, email, segment"),
      where: ["shop.customers.email"],
    },
    {
      name: "customers by name",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers"],
      columns: columns("customers", "id, name, city"),
      max_limit: 10,
    },
    template("how many customers a city has", "SELECT COUNT(*) AS customers FROM customers WHERE city = ?", [
      { type: "string", max_length: 80 },
    ]),
    template("customers by segment", "SELECT segment, COUNT(*) AS customers FROM customers GROUP BY segment"),
    {
      name: "orders of a customer",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      columns: columns("orders", "id, customer_id, status, total, placed_at"),
      where: ["shop.orders.customer_id"],
      max_limit: 10,
    },
    {
      name: "what a customer spent",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.customers", "shop.orders"],
      columns: [...columns("customers", "id, name"), ...columns("orders", "id, customer_id, total")],
      where: ["shop.customers.id"],
    },
    {
      name: "payments of an order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders", "shop.payments"],
      columns: [...columns("orders", "id, status"), ...columns("payments", "order_id, method, status, amount")],
      where: ["shop.orders.id"],
    },
    {
      name: "items of an order",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.order_items", "shop.products"],
      columns: [
        ...columns("order_items", "order_id, product_id, quantity, unit_price"),
        ...columns("products", "id, name"),
      ],
      where: ["shop.order_items.order_id"],
    },
    {
      name: "search products",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.products"],
      columns: columns("products", "id, name, price, stock"),
      max_limit: 100,
    },
    {
      name: "one colleague",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.employees"],
      columns: columns("employees", "id, name, department, title"),
      where: ["shop.employees.id"],
    },
    {
      name: "notes and address of a customer",
      effect: "allow",
      statements: ["update"],
      tables: ["shop.customers"],
      columns: columns("customers", "id, notes, address, city"),
      where: ["shop.customers.id"],
    },
    template("refund", "UPDATE payments SET status = 'refunded' WHERE order_id = ?", [{ type: "integer" }]),
  ],
  "reporting-agent": [
    {
      name: "figures of sales",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders", "shop.order_items", "shop.products", "shop.customers"],
      columns: [
        ...columns("orders", "id, customer_id, status, total, placed_at"),
        ...columns("order_items", "order_id, product_id, quantity, unit_price"),
        ...columns("products", "id, name, category, price, cost"),
        ...columns("customers", "id, city, segment"),
      ],
    },
    {
      name: "figures of payments",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.payments"],
      columns: columns("payments", "method, status, amount, paid_at"),
    },
    {
      name: "revenue by month",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.monthly_revenue"],
      max_limit: 12,
    },
    template("people by department", "SELECT department, COUNT(*) AS people FROM employees GROUP BY department"),
  ],
  "stock-agent": [
    {
      name: "read products",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.products"],
      columns: columns("products", "id, sku, name, category, price, stock, active"),
    },
    {
      name: "sales of a product",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.order_items", "shop.orders"],
      columns: [...columns("order_items", "order_id, product_id, quantity"), ...columns("orders", "id, placed_at")],
      where: ["shop.order_items.product_id"],
    },
    {
      name: "products that nobody bought",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.products", "shop.order_items"],
      columns: [...columns("products", "id, name"), ...columns("order_items", "product_id")],
      max_limit: 50,
    },
    template("lock a product", "SELECT stock FROM products WHERE id = ? FOR UPDATE", [{ type: "integer" }]),
    {
      name: "change a product",
      effect: "allow",
      statements: ["update"],
      tables: ["shop.products"],
      columns: columns("products", "id, stock, active, price"),
      where: ["shop.products.id"],
    },
  ],
} satisfies Readonly<Record<string, readonly RuleInput[]>>;

export type HandWritten = keyof typeof RULES;
export const HAND_WRITTEN = Object.keys(RULES) as readonly HandWritten[];

/** The policy of one agent, for the shop in this schema. */
export function handWritten(agent: HandWritten, schema: string): Policy {
  const inSchema = (names: readonly string[] | undefined) =>
    names?.map((name) => name.replace(/^shop\./, `${schema}.`));
  const rules = RULES[agent].map((one: RuleInput) => ({
    ...one,
    tables: inSchema(one.tables),
    columns: inSchema(one.columns),
    where: inSchema(one.where),
  }));
  return policy.parse({ name: agent, identities: [{ client_id: agent }], metadata: "allow", default: "deny", rules });
}

function columns(table: string, names: string): string[] {
  return names.split(", ").map((name) => `shop.${table}.${name}`);
}

function template(name: string, text: string, parameters: RuleInput["parameters"] = []): RuleInput {
  return { name, effect: "allow", template: text, ...(parameters.length === 0 ? {} : { parameters }) };
}
