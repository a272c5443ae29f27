/** The tables of the bench's upstream, in the schema that every connection of the bench has. */
export const SCHEMA = "bench";

const TEN = Array.from({ length: 10 }, (_, at) => `c${at}`);

/** Columns by table: rows of ten columns to scan, one row to find, and a table that no measurement reads. */
export const TABLES = {
  products: ["id", "name", "price"],
  big: TEN,
  huge: TEN,
  people: ["id", "email", "ssn"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Table = keyof typeof TABLES;

/** Rows of the tables that are scanned. */
export const SCAN_ROWS = 100_000;
export const HUGE_ROWS = 1_000_000;

/** What the measurements send. */
export const SQL = {
  point: "SELECT id, name, price FROM products WHERE id = 42",
  pointPrepared: "SELECT id, name, price FROM products WHERE id = ?",
  scan: "SELECT * FROM big",
  hugeScan: "SELECT * FROM huge",
} as const;

/** The table that a statement reads, by its first FROM. */
export function tableOf(sql: string): Table | null {
  const name = / FROM (\w+)/.exec(sql)?.[1] ?? "";
  return name in TABLES ? (name as Table) : null;
}
