import { getTableColumns, getTableName } from "drizzle-orm";
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";
import { escape as escapeText } from "mysql2";
import type { Connection } from "mysql2/promise";
import { isRowsOwnFault } from "./row-faults";

/** Below the smallest common max_allowed_packet (16 MiB), with room for escaping. */
const MAX_STATEMENT_BYTES = 4 * 1024 * 1024;
const MAX_STATEMENT_ROWS = 1_000;
/** What the driver would escape; text without any of it only needs its quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what MySQL's string literals escape
const NEEDS_ESCAPE = /[\0\b\t\n\r\x1a"'\\]/;

interface Plan {
  readonly columns: readonly { readonly key: string; readonly column: MySqlColumn }[];
  readonly head: string;
}
const plans = new WeakMap<MySqlTable, Plan>();

function planOf(table: MySqlTable): Plan {
  const known = plans.get(table);
  if (known !== undefined) {
    return known;
  }
  const columns = Object.entries<MySqlColumn>(getTableColumns(table)).map(([key, column]) => ({ key, column }));
  const names = columns.map(({ column }) => `\`${column.name}\``);
  const plan = {
    columns,
    head: `INSERT INTO \`${getTableName(table)}\` (${names.join(",")}) VALUES `,
  };
  plans.set(table, plan);
  return plan;
}

let lastMs = Number.NaN;
let lastText = "";

/** `'YYYY-MM-DD HH:MM:SS.mmm'` in UTC; many rows of one moment come together. */
function instantLiteral(at: Date): string {
  const ms = at.getTime();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = `'${at.toISOString().slice(0, 23).replace("T", " ")}'`;
  }
  return lastText;
}

/** Of frozen values: one is in the rows of many statements. */
const frozenLiterals = new WeakMap<object, string>();

function jsonLiteral(value: object, column: MySqlColumn): string {
  const known = frozenLiterals.get(value);
  if (known !== undefined) {
    return known;
  }
  const made = escapeText(String(column.mapToDriverValue(value)));
  if (Object.isFrozen(value)) {
    frozenLiterals.set(value, made);
  }
  return made;
}

/** A value as a literal. Relies on what `openStore` sets for its connections: utf8mb4, and backslash escapes on. */
function literal(value: unknown, column: MySqlColumn): string {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? String(value) : "NULL";
    case "boolean":
      return value ? "1" : "0";
    case "string":
      return NEEDS_ESCAPE.test(value) ? escapeText(value) : `'${value}'`;
    case "undefined":
      return column.default === undefined ? "NULL" : literal(column.default, column);
    default:
      if (typeof value !== "object") {
        return escapeText(String(column.mapToDriverValue(value)));
      }
      if (value === null) {
        return "NULL";
      }
      if (value instanceof Date) {
        return instantLiteral(value);
      }
      return value instanceof Buffer ? `X'${value.toString("hex")}'` : jsonLiteral(value, column);
  }
}

function rowLiteral({ columns }: Plan, row: Readonly<Record<string, unknown>>): string {
  let text = "(";
  for (const { key, column } of columns) {
    text += text.length === 1 ? literal(row[key], column) : `,${literal(row[key], column)}`;
  }
  return `${text})`;
}

/** Splits rows into runs whose statements stay below the server's limit, and gives each run's statement. */
function* insertStatements<R extends Readonly<Record<string, unknown>>>(
  table: MySqlTable,
  rows: readonly R[],
  tail = "",
): Generator<{ readonly rows: readonly R[]; readonly sql: string }> {
  const plan = planOf(table);
  const made = (run: readonly R[], texts: readonly string[]) => ({
    rows: run,
    sql: plan.head + texts.join(",") + tail,
  });
  let run: R[] = [];
  let texts: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = rowLiteral(plan, row);
    // Three bytes at most for each UTF-16 unit.
    if (texts.length >= MAX_STATEMENT_ROWS || (texts.length > 0 && (length + text.length) * 3 >= MAX_STATEMENT_BYTES)) {
      yield made(run, texts);
      run = [];
      texts = [];
      length = 0;
    }
    run.push(row);
    texts.push(text);
    length += text.length;
  }
  if (run.length > 0) yield made(run, texts);
}

/**
 * Inserts rows of one table in as few statements as fit, for the hot writer: without the query builder's cost per value. `tail` says
 * what happens to keys that are there already; without it they are an error. Where the store refuses a row for what it is, its run is
 * halved until that row stands alone; `refused` may give it in another form, or null to leave it out. A refused statement leaves
 * nothing behind and the transaction open. Returns the rows that are in.
 */
export async function insertKept<R extends Readonly<Record<string, unknown>>>(
  connection: Connection,
  table: MySqlTable,
  rows: readonly R[],
  refused: (row: R, error: unknown) => R | null,
  tail = "",
): Promise<R[]> {
  const kept: R[] = [];
  for (const run of insertStatements(table, rows, tail)) {
    try {
      await runText(connection, run.sql);
      for (const row of run.rows) kept.push(row);
    } catch (error) {
      if (!isRowsOwnFault(error)) throw error;
      const middle = Math.ceil(run.rows.length / 2);
      const [only] = run.rows;
      if (run.rows.length > 1) {
        kept.push(...(await insertKept(connection, table, run.rows.slice(0, middle), refused, tail)));
        kept.push(...(await insertKept(connection, table, run.rows.slice(middle), refused, tail)));
      } else if (only !== undefined) {
        const other = refused(only, error);
        if (other !== null) kept.push(...(await insertKept(connection, table, [other], () => null, tail)));
      }
    }
  }
  return kept;
}

async function runText(connection: Connection, sql: string): Promise<void> {
  // null, not absent: the driver would look for placeholders in all of the text.
  await connection.query({ sql, values: null });
}
