/** What a generated expression over a column has to look like. */
export type ColumnKind = "number" | "text" | "date";

/** clear: anybody may see it. masked: its mask stands in for it. computed: made of masked columns by a view's definition. */
export type Tint = "clear" | "masked" | "computed";

export interface ShopColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly tint: Tint;
}

const KINDS: Readonly<Record<string, ColumnKind>> = { n: "number", t: "text", d: "date" };

/** `name:kind`, kind n, t or d; `!` masked, `*` computed from masked columns. */
function columns(spec: string): readonly ShopColumn[] {
  return spec
    .trim()
    .split(/\s+/)
    .map((one) => {
      const [name = "", code = ""] = one.split(":");
      const tint = code.endsWith("!") ? "masked" : code.endsWith("*") ? "computed" : "clear";
      return { name, kind: KINDS[code.charAt(0)] ?? "text", tint };
    });
}

/** Tables of the shop (scripts/shop/schema.ts) as the two-world test lays them out: columns that it adds, and which are masked. */
export const SHOP_SOURCES: Readonly<Record<string, readonly ShopColumn[]>> = {
  customers: columns(
    `id:n name:t email:t! phone:t! ssn:t! card_number:t! birth_date:d! address:t city:t postal_code:t segment:t notes:t!
     created_at:d email_domain:t! birth_year:n!`,
  ),
  employees: columns("id:n name:t email:t! department:t title:t salary:n! hired_on:d manager_id:n salary_band:n!"),
  products: columns("id:n sku:t name:t category:t price:n cost:n stock:n active:n"),
  orders: columns("id:n customer_id:n employee_id:n status:t total:n placed_at:d shipped_at:d"),
  order_items: columns("order_id:n line:n product_id:n quantity:n unit_price:n"),
  payments: columns("id:n order_id:n method:t card_last4:t! amount:n status:t paid_at:d"),
  customer_directory: columns("id:n name:t email:t! city:t segment:t"),
  order_summary: columns("id:n status:t placed_at:d total:n customer:t city:t items:n"),
  monthly_revenue: columns("month:t orders:n revenue:n"),
  v_contacts: columns("num:n reach:t! code:t! town:t"),
  v_references: columns("num:n reference:t! town:t"),
  v_staff: columns("num:n who:t pay:n! boss:n"),
  v_spend: columns("customer_id:n spent:n latest:d"),
};

/** Views that touch masked columns in a way that no statement over them may: only wild statements name them. */
export const SHOP_TRAPS: Readonly<Record<string, readonly ShopColumn[]>> = {
  v_tags: columns("num:n tag:t*"),
  v_elders: columns("id:n name:t"),
  v_ranked: columns("id:n place:n*"),
};

/**
 * Views can not be told from outside which indexes to leave alone, so that the order of their rows is only as safe as their definition:
 * it has to leave out those over masked columns by itself.
 */
const CUSTOMERS = "customers IGNORE INDEX (customers_email, customers_ssn, k_birth, k_domain, k_year, k_town)";
const EMPLOYEES = "employees IGNORE INDEX (employees_email, k_salary, k_band, k_title)";

/** A view of the shop with such hints. */
export function hintedView(definition: string): string {
  return definition.replace(
    /(FROM|JOIN) customers( c)?/u,
    (_, word: string, alias = "") => `${word} ${CUSTOMERS.replace("customers", `customers${alias}`)}`,
  );
}

/** The views that the shop itself does not have. */
export const SHOP_TEST_VIEWS: readonly string[] = [
  `CREATE VIEW v_contacts AS SELECT id AS num, email AS reach, ssn AS code, city AS town FROM ${CUSTOMERS}`,
  "CREATE VIEW v_references AS SELECT num, code AS reference, town FROM v_contacts",
  `CREATE VIEW v_staff (num, who, pay, boss) AS SELECT id, name, salary, manager_id FROM ${EMPLOYEES}`,
  "CREATE VIEW v_spend AS SELECT customer_id, SUM(total) AS spent, MAX(placed_at) AS latest FROM orders GROUP BY customer_id",
  "CREATE VIEW v_tags AS SELECT num, CONCAT(reach, '/', town) AS tag FROM v_contacts",
  "CREATE VIEW v_elders AS SELECT id, name FROM customers WHERE birth_date < '1975-01-01'",
  "CREATE VIEW v_ranked AS SELECT id, ROW_NUMBER() OVER (ORDER BY salary) AS place FROM employees",
];

/** Columns and indexes that the shop does not have: generated over masked columns, and rows in the order of masked columns. */
export const SHOP_TEST_ALTERATIONS: readonly string[] = [
  `ALTER TABLE customers
  ADD COLUMN email_domain VARCHAR(190) AS (SUBSTRING_INDEX(email, '@', -1)) VIRTUAL,
  ADD COLUMN birth_year SMALLINT UNSIGNED AS (YEAR(birth_date)) STORED,
  ADD KEY k_birth (birth_date), ADD KEY k_domain (email_domain), ADD KEY k_year (birth_year, city),
  ADD KEY k_town (city, ssn)`,
  `ALTER TABLE employees
  ADD COLUMN salary_band INT AS (FLOOR(salary / 1000000)) VIRTUAL,
  ADD KEY k_salary (salary), ADD KEY k_band (salary_band), ADD KEY k_title (department, salary)`,
];

/** Columns with a mask, as `table.column`. */
export const SHOP_MASKED: readonly string[] = [
  "customers.email",
  "customers.phone",
  "customers.ssn",
  "customers.card_number",
  "customers.birth_date",
  "customers.notes",
  "employees.email",
  "employees.salary",
  "payments.card_last4",
];
