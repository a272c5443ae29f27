import { quoteName, quoteTable } from "./names";
import type { ReachedTable } from "./reach";

/** At most so many statements are prepared of each kind. */
export const MAX_PROBES = 50;

/** A statement to prepare, and what it is about. */
export interface Probe {
  /** e.g. `shop.customers.ssn`. */
  readonly column: string;
  readonly sql: string;
}

function probe(table: ReachedTable, column: string): Probe {
  return {
    column: `${table.schema}.${table.name}.${column}`,
    sql: `SELECT ${quoteName(column)} FROM ${quoteTable(table)}`,
  };
}

/** Statements the server must refuse: each table's first masked column, then the second ones ...; one for a whole view. */
export function maskedProbes(reach: readonly ReachedTable[]): readonly Probe[] {
  const rows = reach
    .filter((table) => table.verdict === "masked")
    .map((table) => {
      const columns = table.hidden.map((one) => one.column);
      return (table.kind === "view" ? columns.slice(0, 1) : columns).map((column) => probe(table, column));
    });
  const deepest = Math.max(0, ...rows.map((row) => row.length));
  const inTurn = Array.from({ length: Math.min(deepest, MAX_PROBES) }, (_, at) => rows.flatMap((row) => row[at] ?? []));
  return inTurn.flat().slice(0, MAX_PROBES);
}

/** Statements the server must take: one column of each table that has masked ones; without any, of each table. */
export function cleanProbes(reach: readonly ReachedTable[]): readonly Probe[] {
  const granted = reach.filter((table) => table.granted && table.readable.length > 0);
  const masked = granted.filter((table) => table.verdict === "masked");
  return (masked.length > 0 ? masked : granted)
    .flatMap((table) => table.readable.slice(0, 1).map((column) => probe(table, column)))
    .slice(0, MAX_PROBES);
}

/** How the server answered: `missing` when it knows no such table or column, `unclear` for any other error. */
export type ProbeAnswer = "taken" | "refused" | "missing" | "unclear";

/** What an error number of a PREPARE says; null when there was none. */
export function answerOf(errno: number | null): ProbeAnswer {
  switch (errno) {
    case null:
      return "taken";
    // ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR
    case 1142:
    case 1143:
      return "refused";
    // ER_BAD_FIELD_ERROR, ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR
    case 1054:
    case 1146:
    case 1049:
      return "missing";
    default:
      return "unclear";
  }
}
