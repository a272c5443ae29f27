import { typeFamily } from "@/lib/masking/suggest/type-family";
import type { Dialect } from "@/lib/sql/token";
import type { ScannedColumn } from "./scanned-tables";

const ROWS = 200;
const LONGEST_VALUE = 4096;
const SECONDS = 2;
/** Columns of one statement: with the limits above, what its answer can take of the gateway's memory. */
export const COLUMNS_AT_ONCE = 8;

/** What the session is told before the first sample: the server ends a statement that takes too long, and lets none write. */
export function sessionSettings(flavour: Dialect): readonly string[] {
  const limit = flavour === "mariadb" ? `max_statement_time = ${SECONDS}` : `max_execution_time = ${SECONDS * 1000}`;
  return [`SET SESSION ${limit}, SESSION lock_wait_timeout = ${SECONDS}`, "SET SESSION TRANSACTION READ ONLY"];
}

const quoted = (name: string) => `\`${name.replaceAll("`", "``")}\``;

/** A few rows of some columns; their names in the answer are c0, c1 and so on. */
export function sampleQuery(schema: string, table: string, columns: readonly ScannedColumn[]): string {
  const list = columns.map(({ name, dataType }, at) => {
    const family = typeFamily(dataType);
    const long = family === "text" || family === "bytes";
    return `${long ? `LEFT(${quoted(name)}, ${LONGEST_VALUE})` : quoted(name)} AS c${at}`;
  });
  return `SELECT ${list.join(", ")} FROM ${quoted(schema)}.${quoted(table)} LIMIT ${ROWS}`;
}
