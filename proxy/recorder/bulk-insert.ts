import { getTableColumns, getTableName } from "drizzle-orm";
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";
import { escape as escapeText } from "mysql2";
import type { Connection } from "mysql2/promise";

/** Below the smallest common max_allowed_packet (16 MiB), with room for escaping. */
const MAX_STATEMENT_BYTES = 4 * 1024 * 1024;
const MAX_STATEMENT_ROWS = 1_000;
/** What the driver would escape; text without any of it only needs its quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what MySQL's string literals escape
const NEEDS_ESCAPE = /[\0\b\t\n\r\x1a"'\\]/;

interface Plan {
  readonly columns: readonly { readonly key: string; readonly column: MySqlColumn }[];
  readonly head: string;
  readonly tail: string;
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
    tail: " ON DUPLICATE KEY UPDATE `id` = `id`",
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
      return value instanceof Date ? instantLiteral(value) : jsonLiteral(value, column);
  }
}

function rowLiteral({ columns }: Plan, row: Readonly<Record<string, unknown>>): string {
  let text = "(";
  for (const { key, column } of columns) {
    text += text.length === 1 ? literal(row[key], column) : `,${literal(row[key], column)}`;
  }
  return `${text})`;
}

/**
 * Inserts rows of one table in as few statements as fit, for the hot writer: without the query builder's cost per value.
 * A row whose id is there already is left as it is, so that a repeated batch changes nothing.
 */
export async function bulkInsert(
  connection: Connection,
  table: MySqlTable,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const plan = planOf(table);
  let batch: string[] = [];
  let length = 0;
  const send = async () => {
    if (batch.length > 0) {
      // null, not absent: the driver would look for placeholders in all of the text.
      await connection.query({ sql: plan.head + batch.join(",") + plan.tail, values: null });
      batch = [];
      length = 0;
    }
  };
  for (const row of rows) {
    const text = rowLiteral(plan, row);
    // Three bytes at most for each UTF-16 unit.
    if (batch.length >= MAX_STATEMENT_ROWS || (length + text.length) * 3 >= MAX_STATEMENT_BYTES) {
      await send();
    }
    batch.push(text);
    length += text.length;
  }
  await send();
}
