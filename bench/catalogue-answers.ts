import { SCHEMA, TABLES } from "./tables";

/** Rows by the names of their columns. */
type Row = Readonly<Record<string, string | null>>;

const SESSION: Row = {
  sql_mode: "STRICT_TRANS_TABLES",
  client: "utf8mb4",
  connection: "utf8mb4",
  collation: "utf8mb4_general_ci",
  results: "utf8mb4",
  db: SCHEMA,
};
const SERVER: Row = { version: "8.4.0-bench", sql_mode: "STRICT_TRANS_TABLES", lower_case_table_names: "0" };

const inTables = (make: (table: string, columns: readonly string[]) => readonly Row[]) =>
  Object.entries(TABLES).flatMap(([table, columns]) => make(table, columns));

/** What information_schema holds: only the columns that are not NULL or empty are spelled out. */
const VIEWS: Readonly<Record<string, readonly Row[]>> = {
  SCHEMATA: [{ name: SCHEMA }],
  TABLES: inTables((table) => [{ table_schema: SCHEMA, table_name: table, table_type: "BASE TABLE" }]),
  COLUMNS: inTables((table, columns) =>
    columns.map((column) => ({
      table_schema: SCHEMA,
      table_name: table,
      column_name: column,
      data_type: column === "id" ? "int" : "varchar",
      column_type: column === "id" ? "int" : "varchar(80)",
      is_nullable: "YES",
    })),
  ),
};

export interface CatalogueAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The answer to what a gateway asks for on its own account (session settings, catalogue), or null for every other statement. */
export function catalogueAnswer(sql: string): CatalogueAnswer | null {
  const view = /FROM information_schema\.(\w+)/.exec(sql)?.[1];
  const rows =
    view !== undefined
      ? (VIEWS[view] ?? [])
      : sql.includes("AS sql_mode")
        ? [sql.includes("VERSION()") ? SERVER : SESSION]
        : null;
  if (rows === null) return null;
  const columns = [...sql.matchAll(/ AS (\w+)/g)].map((match) => match[1] ?? "");
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}
