import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import type { Guesses } from "@/lib/masking/testing/draft";
import { hintedView, SHOP_TEST_ALTERATIONS, SHOP_TEST_VIEWS } from "@/lib/masking/testing/shop-columns";
import { seeded } from "@/lib/sql/testing/random-statements";
import { generateShop, type ShopData } from "@/scripts/shop/generate";
import { SHOP_TABLES, SHOP_VIEWS } from "@/scripts/shop/schema";
import { testServer } from "./store";

/** A shop of its own on the test server. */
export interface World {
  /** As long as that of every other world. */
  readonly schema: string;
  /** Sensitive values that only this world holds, as text. */
  readonly planted: ReadonlySet<string>;
  drop(): Promise<void>;
}

type Cell = string | number | null;

const SIZES = { customers: 60, orders: 150 } as const;

/** In every planted text, so that bytes are searched once for all of them; numbers and dates have a shape of their own. */
const MARK = "Q7Z";
const PLANTED = /Q7Z[\w.@~-]*|7777\d{4}|19[4-9]\d-\d\d-\d\d/gu;

/** What statements compare with: some of it is the truth in one world and not in the other. These values are not planted. */
export const GUESSES: Guesses = {
  text: [
    "paid",
    "vip",
    "Boston, MA",
    "m",
    "666-11-1001",
    "666-11-1002",
    "ada@shop.example",
    "4111111111111111",
    "12345678",
  ],
  number: [1, 2, 3, 7, 20, 100, 1961, 45_000_000, 52_000_000],
  date: ["1961-05-04", "1985-01-01", "2025-06-01", "2026-03-01"],
};

/** The values of masked columns by world, never NULL; the same rows have NULL in both. */
function secrets(seed: number) {
  const random = seeded(seed);
  const int = (below: number) => Math.floor(random() * below);
  const digits = (count: number) => Array.from({ length: count }, () => int(10)).join("");
  const hex = (count: number) => Array.from({ length: count }, () => int(16).toString(16)).join("");
  const pool = <T>(size: number, make: () => T) => {
    const all = Array.from({ length: size }, make);
    return () => all[int(size)] ?? make();
  };
  const planted = new Set<string>();
  const plant = (value: string) => {
    planted.add(value);
    return value;
  };
  const two = (below: number) => String(1 + int(below)).padStart(2, "0");
  return {
    planted,
    email: () => plant(`${MARK}${hex(4 + int(16))}@${pool(1, () => hex(6))()}.example`),
    phone: pool(20, () => plant(`+1 ${MARK}${digits(3 + int(8))}`.slice(3))),
    ssn: () => plant(`${MARK}-${digits(2)}-${digits(4)}`),
    card: pool(30, () => plant(`${MARK}${digits(13)}`)),
    birth: pool(25, () => plant(`${1940 + int(50)}-${two(12)}-${two(28)}`)),
    note: pool(12, () => (random() < 0.4 ? plant(`7777${digits(4)}`) : plant(`${MARK}${hex(6 + int(40))}`))),
    salary: pool(18, () => `${plant(`7777${digits(4)}`)}.${digits(2)}`),
    last4: () => digits(4),
    chance: (share: number) => random() < share,
  };
}

/** The demo shop, smaller, with the masked columns of one world. Rows, keys and NULLs are the same in all worlds. */
function planted(seed: number): { readonly data: ShopData; readonly planted: ReadonlySet<string> } {
  const shop = generateShop();
  const secret = secrets(seed);
  const change = (
    rows: readonly (readonly Cell[])[],
    columns: readonly string[],
    by: Readonly<Record<string, (row: number) => Cell>>,
  ) =>
    rows.map((cells, row) =>
      cells.map((cell, index) => (cell === null ? null : (by[columns[index] ?? ""]?.(row) ?? cell))),
    );
  const guess = (row: number, at: number, value: string, make: () => string) =>
    row === at + (seed % 2) * 5 ? value : make();
  const { customers, employees, orders, order_items, payments } = shop;
  const kept = new Set(orders.rows.slice(0, SIZES.orders).map(([id]) => id));
  const data: ShopData = {
    ...shop,
    employees: {
      ...employees,
      rows: change(employees.rows, employees.columns, {
        email: secret.email,
        salary: (row) => guess(row, 3, "45000000.00", secret.salary),
      }),
    },
    customers: {
      ...customers,
      rows: change(customers.rows.slice(0, SIZES.customers), customers.columns, {
        email: (row) => guess(row, 2, "ada@shop.example", secret.email),
        phone: secret.phone,
        ssn: (row) => guess(row, 4, "666-11-1001", secret.ssn),
        card_number: (row) => guess(row, 6, "4111111111111111", secret.card),
        birth_date: (row) => guess(row, 1, "1961-05-04", secret.birth),
        notes: (row) => guess(row, 7, "12345678", secret.note),
      }),
    },
    orders: {
      ...orders,
      rows: orders.rows
        .slice(0, SIZES.orders)
        .map(([id = null, customer, ...rest]) => [id, 1 + (Number(customer) % SIZES.customers), ...rest]),
    },
    order_items: { ...order_items, rows: order_items.rows.filter(([order]) => kept.has(order ?? null)) },
    payments: {
      ...payments,
      rows: change(
        payments.rows.filter(([, order]) => kept.has(order ?? null)),
        payments.columns,
        { card_last4: secret.last4 },
      ),
    },
  };
  return { data, planted: secret.planted };
}

/** Makes a world: tables, columns, indexes and views are the same for every seed. */
export async function createWorld(seed: number): Promise<World> {
  const schema = `w_${randomBytes(6).toString("hex")}`;
  const admin = await mysql.createConnection({ ...testServer(), timezone: "Z", charset: "utf8mb4_unicode_ci" });
  const { data, planted: values } = planted(seed);
  try {
    await admin.query(`CREATE DATABASE ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
    await admin.query(`USE ${schema}`);
    for (const create of Object.values(SHOP_TABLES)) await admin.query(`${create} STATS_AUTO_RECALC=0`);
    for (const [table, { columns, rows }] of Object.entries(data)) {
      await admin.query(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ?`, [rows]);
    }
    for (const alteration of SHOP_TEST_ALTERATIONS) await admin.query(alteration);
    for (const create of [...Object.values(SHOP_VIEWS).map(hintedView), ...SHOP_TEST_VIEWS]) await admin.query(create);
    await admin.query(`ANALYZE TABLE ${Object.keys(SHOP_TABLES).join(", ")}`);
  } finally {
    await admin.end();
  }
  return {
    schema,
    planted: values,
    drop: async () => {
      const last = await mysql.createConnection(testServer());
      await last.query(`DROP DATABASE IF EXISTS ${schema}`);
      await last.end();
    },
  };
}

/** The planted values of a world that occur in the bytes. */
export function leaked(world: World, bytes: Buffer): readonly string[] {
  const found = bytes.toString("latin1").match(PLANTED) ?? [];
  return [...new Set(found)].filter((value) => [...world.planted].some((one) => value.includes(one)));
}
