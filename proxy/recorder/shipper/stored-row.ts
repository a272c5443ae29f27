import { getTableColumns, type InferInsertModel, type InferSelectModel } from "drizzle-orm";
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";

const RANGES: Readonly<Record<string, number>> = {
  tinyint: 127,
  int: 2_147_483_647,
  bigint: Number.MAX_SAFE_INTEGER,
};
/** No text is longer; what a statement says was cut before. */
const MEDIUM_TEXT = 4 * 1024 * 1024;

type Fit = (value: unknown) => unknown;
interface Field {
  readonly key: string;
  readonly absent: unknown;
  readonly fitted: Fit;
}
const fieldsOf = new WeakMap<MySqlTable, readonly Field[]>();

/** A text as the store gives it back, cut to the column's length: a long program name must not cost the record. */
function fitText(length: number): Fit {
  return (value) => {
    if (typeof value !== "string") return value;
    const text = value.length <= length ? value : value.slice(0, length);
    return text.isWellFormed() ? text : text.toWellFormed();
  };
}

/** Whole, and within the column's range. */
function fitNumber(most: number): Fit {
  return (value) => {
    if (typeof value !== "number" || (Number.isInteger(value) && Math.abs(value) <= most)) return value;
    return Number.isNaN(value) ? null : Math.max(-most, Math.min(most, Math.round(value)));
  };
}

/** A document without lone surrogates, which some servers refuse, and with JSON's own kinds of values only. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}

function fitOf(column: MySqlColumn): Fit {
  const type = column.getSQLType();
  const sized = /^(varchar|char)\((\d+)\)/.exec(type);
  // Ids and hashes are whole or wrong: a part of one would be another one.
  if (sized?.[1] === "varchar") return fitText(Number(sized[2]));
  if (sized !== null || type === "mediumtext") return fitText(MEDIUM_TEXT);
  if (type === "json") return (value) => (value == null ? value : wellFormed(value));
  const range = RANGES[type];
  return range === undefined ? (value) => value : fitNumber(range);
}

function fieldsFor(table: MySqlTable): readonly Field[] {
  const known = fieldsOf.get(table);
  if (known !== undefined) return known;
  const fields = Object.entries<MySqlColumn>(getTableColumns(table)).map(([key, column]) => ({
    key,
    absent: column.default ?? null,
    fitted: fitOf(column),
  }));
  fieldsOf.set(table, fields);
  return fields;
}

/** A row with all of its table's columns, each as the store gives it back after it took this one. */
export function storedRow<T extends MySqlTable>(table: T, row: InferInsertModel<T>): InferSelectModel<T> {
  const given = row as Readonly<Record<string, unknown>>;
  const full: Record<string, unknown> = {};
  for (const { key, absent, fitted } of fieldsFor(table)) {
    const value = given[key];
    full[key] = value === undefined ? absent : fitted(value);
  }
  // Column by column of the table itself: that is what its row type is made of.
  return full as InferSelectModel<T>;
}
