import { CATALOGUE_SOURCES, type Query } from "./read";

/** A server's own settings, which decide how names and statements are read. */
const SERVER = "SELECT CONCAT_WS('|', VERSION(), @@GLOBAL.sql_mode, @@lower_case_table_names) AS fingerprint";
const SCHEMATA = { from: "SCHEMATA", columns: ["SCHEMA_NAME"], where: "TRUE" };

/** NULL and the empty text must differ, and no value may look like the border between two. */
const HASHED = (column: string) => `COALESCE(MD5(${column}), '-')`;

/**
 * A short text that differs when the catalogue does: per view of information_schema the number of rows and the exclusive or of 64 bits of
 * a hash of each. The server does the work; only a few rows are sent. Not proof against a database administrator who looks for two
 * catalogues with one fingerprint.
 */
export async function readFingerprint(query: Query): Promise<string> {
  const parts: string[] = [];
  for (const sql of [SERVER, ...[SCHEMATA, ...CATALOGUE_SOURCES].map(sourceQuery)]) {
    const [row] = await query(sql);
    parts.push(String(row?.fingerprint ?? ""));
  }
  return parts.join("/");
}

function sourceQuery({ from, columns, where }: (typeof CATALOGUE_SOURCES)[number]): string {
  const row = `MD5(CONCAT(${columns.map(HASHED).join(", ")}))`;
  const bits = `BIT_XOR(CAST(CONV(LEFT(${row}, 16), 16, 10) AS UNSIGNED))`;
  return `SELECT CONCAT(COUNT(*), ':', ${bits}) AS fingerprint FROM information_schema.${from} WHERE ${where}`;
}
