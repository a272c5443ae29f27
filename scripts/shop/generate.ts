import { luhnCheckDigit } from "./luhn";
import { createRandom, type Random } from "./random";
import {
  CATEGORIES,
  CITIES,
  DEPARTMENTS,
  FIRST_NAMES,
  LAST_NAMES,
  MAIL_DOMAINS,
  NOTES,
  QUALITIES,
  STREETS,
} from "./words";

type Value = string | number | null;
/** Rows of one table, in the order of its columns. */
export interface TableRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}
/** Table name -> rows, in an order that satisfies the foreign keys. */
export type ShopData = Readonly<
  Record<"employees" | "customers" | "products" | "orders" | "order_items" | "payments", TableRows>
>;

const SIZES = { employees: 40, customers: 1200, orders: 3000 } as const;
/** The shop's present day; everything in it lies in the two years before. */
export const SHOP_NOW: number = Date.UTC(2026, 10, 1);
const DAY_MS = 86_400_000;
/** First digits of well-known test card numbers: no bank issues them to a person. */
const TEST_CARDS = ["41111111", "55555555", "40128888", "51051051"] as const;

/** The whole shop, the same for every run with one seed. No real person: reserved mail domains and phone numbers, never-issued ids. */
export function generateShop(seed = 2026): ShopData {
  const random = createRandom(seed);
  const employees = generateEmployees(random);
  const customers = generateCustomers(random);
  const products = generateProducts(random);
  return { employees, customers, products, ...generateOrders(random, customers, products) };
}

function generateEmployees(random: Random): TableRows {
  const rows = Array.from({ length: SIZES.employees }, (_, index) => {
    const id = index + 1;
    const department = DEPARTMENTS[index % DEPARTMENTS.length] ?? DEPARTMENTS[0];
    const leads = index < DEPARTMENTS.length;
    const first = random.pick(FIRST_NAMES);
    const last = random.pick(LAST_NAMES);
    return [
      id,
      `${first} ${last}`,
      `${mailName(first, last)}.${id}@shop.example.com`,
      department.name,
      leads ? `Head of ${department.name}` : random.pick(department.titles),
      money((leads ? department.to * 1.2 : random.int(department.from / 100, department.to / 100) * 100) * 100),
      day(SHOP_NOW - random.int(60, 3200) * DAY_MS),
      leads ? null : (index % DEPARTMENTS.length) + 1,
    ];
  });
  return { columns: ["id", "name", "email", "department", "title", "salary", "hired_on", "manager_id"], rows };
}

function generateCustomers(random: Random): TableRows {
  const rows = Array.from({ length: SIZES.customers }, (_, index) => {
    const id = index + 1;
    const first = random.pick(FIRST_NAMES);
    const last = random.pick(LAST_NAMES);
    const place = random.pick(CITIES);
    const card = random.pick(TEST_CARDS) + random.digits(7);
    return [
      id,
      `${first} ${last}`,
      `${mailName(first, last)}.${id}@${random.pick(MAIL_DOMAINS)}`,
      // 555-0100 to 555-0199 are set aside for fiction in every area code.
      random.chance(0.9) ? `+1 ${place.area} 555 01${random.digits(2)}` : null,
      // Area number 666 has never been issued; group and serial number count through, so that each is unique.
      `666-${String(11 + (index % 89)).padStart(2, "0")}-${String(1000 + Math.floor(index / 89) * 97 + random.int(0, 96))}`,
      random.chance(0.85) ? card + luhnCheckDigit(card) : null,
      day(Date.UTC(1944, 0, 1) + random.int(0, 365 * 62) * DAY_MS),
      `${random.int(1, 240)} ${random.pick(STREETS)}`,
      `${place.city}, ${place.region}`,
      `${place.postal}${random.digits(2)}`,
      random.pick(["new", "regular", "regular", "regular", "business", "vip"]),
      random.chance(0.3) ? random.pick(NOTES) : null,
      moment(SHOP_NOW - random.int(400, 1500) * DAY_MS - random.int(0, DAY_MS)),
    ];
  });
  return {
    columns: [
      "id",
      "name",
      "email",
      "phone",
      "ssn",
      "card_number",
      "birth_date",
      "address",
      "city",
      "postal_code",
      "segment",
      "notes",
      "created_at",
    ],
    rows,
  };
}

function generateProducts(random: Random): TableRows {
  const rows: Value[][] = [];
  for (const category of CATEGORIES) {
    for (const thing of category.things) {
      for (const quality of [random.int(0, 2), random.int(3, 5), random.int(6, 7)].map(
        (i) => QUALITIES[i] ?? "Classic",
      )) {
        const cents = random.int(9, 220) * 100 - random.pick([1, 5, 10, 50]);
        const id = rows.length + 1;
        rows.push([
          id,
          `${category.name.slice(0, 3).toUpperCase()}-${String(10_000 + id)}`,
          `${quality} ${thing}`,
          category.name,
          money(cents),
          money(Math.round(cents * (0.4 + random.next() * 0.25))),
          random.int(0, 400),
          random.chance(0.95) ? 1 : 0,
        ]);
      }
    }
  }
  return { columns: ["id", "sku", "name", "category", "price", "cost", "stock", "active"], rows };
}

function generateOrders(
  random: Random,
  customers: TableRows,
  products: TableRows,
): Pick<ShopData, "orders" | "order_items" | "payments"> {
  const orders: Value[][] = [];
  const items: Value[][] = [];
  const payments: Value[][] = [];
  for (let id = 1; id <= SIZES.orders; id++) {
    const customer = random.pick(customers.rows);
    // Newer orders have higher ids, as in a shop that runs.
    const age = ((SIZES.orders - id) / SIZES.orders) * 700 * DAY_MS;
    const placed = SHOP_NOW - age - random.int(0, DAY_MS / 4);
    let cents = 0;
    const lines = random.pick([1, 1, 2, 2, 3, 3, 4, 6]);
    for (let line = 1; line <= lines; line++) {
      const product = random.pick(products.rows);
      const quantity = random.pick([1, 1, 1, 2, 3]);
      const price = Math.round(Number(product[4]) * 100);
      cents += price * quantity;
      items.push([id, line, product[0] ?? null, quantity, money(price)]);
    }
    const status = orderStatus(random, age);
    const shipped = status === "shipped" || status === "delivered" || status === "refunded";
    orders.push([
      id,
      customer[0] ?? null,
      random.chance(0.2) ? random.int(1, SIZES.employees) : null,
      status,
      money(cents),
      moment(placed),
      shipped ? moment(placed + random.int(1, 4) * DAY_MS) : null,
    ]);
    if (status !== "open" && status !== "cancelled") {
      const card = customer[5];
      const method = typeof card === "string" && random.chance(0.8) ? "card" : random.pick(["transfer", "voucher"]);
      payments.push([
        payments.length + 1,
        id,
        method,
        method === "card" && typeof card === "string" ? card.slice(-4) : null,
        money(cents),
        status === "refunded" ? "refunded" : "captured",
        moment(placed + random.int(1, 600) * 60_000),
      ]);
    }
  }
  return {
    orders: {
      columns: ["id", "customer_id", "employee_id", "status", "total", "placed_at", "shipped_at"],
      rows: orders,
    },
    order_items: { columns: ["order_id", "line", "product_id", "quantity", "unit_price"], rows: items },
    payments: { columns: ["id", "order_id", "method", "card_last4", "amount", "status", "paid_at"], rows: payments },
  };
}

function orderStatus(random: Random, age: number): string {
  if (random.chance(0.05)) return "cancelled";
  if (random.chance(0.04)) return "refunded";
  if (age > 12 * DAY_MS) return "delivered";
  return age > 5 * DAY_MS ? random.pick(["shipped", "delivered"]) : random.pick(["open", "paid", "paid", "shipped"]);
}

/** "Siobhan O'Brien" -> "siobhan.obrien" */
function mailName(first: string, last: string): string {
  return `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, "");
}

function money(cents: number): string {
  return (Math.round(cents) / 100).toFixed(2);
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function moment(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
