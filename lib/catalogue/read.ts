import { createHash } from "node:crypto";
import { z } from "zod";
import { SallyportError } from "@/lib/errors/error";
import type {
  CatalogueColumn,
  CatalogueIndex,
  CatalogueRoutine,
  CatalogueSnapshot,
  CatalogueTable,
  CatalogueTrigger,
} from "@/lib/sql/catalogue";

/** Runs one statement on the upstream and returns its rows as objects. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Bounds of one snapshot: an upstream beyond them is refused rather than half known. */
export interface CatalogueLimits {
  readonly maxColumns: number;
  readonly maxRows: number;
}

export const DEFAULT_CATALOGUE_LIMITS: CatalogueLimits = { maxColumns: 500_000, maxRows: 200_000 };

/** Schemas of the server itself; only information_schema is described to clients. */
const SYSTEM_SCHEMAS = ["mysql", "performance_schema", "sys", "ndbinfo"];
const EXCLUDED = SYSTEM_SCHEMAS.map((name) => `'${name}'`).join(", ");

const text = z.union([z.string(), z.instanceof(Uint8Array).transform((bytes) => new TextDecoder().decode(bytes))]);
const optional = text.nullish().transform((value) => value ?? null);
const number = z.coerce.number();

const SERVER = z.object({ version: text, sql_mode: optional, lower_case_table_names: number });
const SCHEMA = z.object({ name: text });
const TABLE = z.object({ table_schema: text, table_name: text, table_type: text });
const COLUMN = z.object({
  table_schema: text,
  table_name: text,
  column_name: text,
  data_type: text,
  column_type: text,
  is_nullable: text,
  column_default: optional,
  extra: optional,
  generation_expression: optional,
});
const INDEX = z.object({
  table_schema: text,
  table_name: text,
  index_name: text,
  non_unique: number,
  column_name: optional,
});
const VIEW = z.object({ table_schema: text, table_name: text, view_definition: optional });
const ROUTINE = z.object({
  routine_schema: text,
  routine_name: text,
  routine_type: text,
  routine_definition: optional,
  security_type: text,
});
const TRIGGER = z.object({
  trigger_schema: text,
  trigger_name: text,
  event_object_table: text,
  event_manipulation: text,
  action_timing: text,
  action_statement: optional,
});

/** What is read of each view of information_schema, and what its rows are ordered by. */
export const CATALOGUE_SOURCES: readonly {
  readonly from: string;
  readonly columns: readonly string[];
  readonly where: string;
}[] = (
  [
    ["TABLES", TABLE, "TABLE_SCHEMA", []],
    ["COLUMNS", COLUMN, "TABLE_SCHEMA", ["ORDINAL_POSITION"]],
    ["STATISTICS", INDEX, "TABLE_SCHEMA", ["SEQ_IN_INDEX"]],
    ["VIEWS", VIEW, "TABLE_SCHEMA", []],
    ["ROUTINES", ROUTINE, "ROUTINE_SCHEMA", []],
    ["TRIGGERS", TRIGGER, "TRIGGER_SCHEMA", []],
  ] as const
).map(([from, shape, schema, order]) => ({
  from,
  columns: [...Object.keys(shape.shape).map((name) => name.toUpperCase()), ...order],
  where: `${schema} NOT IN (${EXCLUDED})`,
}));

/** Column aliases in lower case: MySQL 8 returns information_schema's names in upper case. */
function select(shape: z.ZodObject, from: string, where: string, order: string, limit: number): string {
  const columns = Object.keys(shape.shape).map((name) => `${name.toUpperCase()} AS ${name}`);
  return `SELECT ${columns.join(", ")} FROM information_schema.${from} WHERE ${where} ORDER BY ${order} LIMIT ${limit + 1}`;
}

async function rowsOf<T>(query: Query, sql: string, shape: z.ZodType<T>, limit: number): Promise<readonly T[]> {
  const rows = await query(sql);
  if (rows.length > limit) {
    throw new SallyportError("UNAVAILABLE", "The upstream has more tables or columns than the catalogue can hold", {
      next: "Restrict the upstream account to the schemas that are needed",
    });
  }
  return z.array(shape).parse(rows);
}

/**
 * Reads what the upstream account can see of information_schema: MariaDB 10.6 and later, MySQL 8 and later. Throws what
 * `query` throws, and UNAVAILABLE when there is too much.
 */
export async function readCatalogue(
  query: Query,
  limits: CatalogueLimits = DEFAULT_CATALOGUE_LIMITS,
): Promise<CatalogueSnapshot> {
  const [server] = await rowsOf(
    query,
    "SELECT VERSION() AS version, @@GLOBAL.sql_mode AS sql_mode, @@lower_case_table_names AS lower_case_table_names",
    SERVER,
    1,
  );
  if (server === undefined) throw new SallyportError("UNAVAILABLE", "The upstream did not tell its version");
  const userTables = `TABLE_SCHEMA NOT IN (${EXCLUDED})`;
  const read = <T>(shape: z.ZodObject & z.ZodType<T>, from: string, where: string, order: string) =>
    rowsOf<T>(query, select(shape, from, where, order, limits.maxRows), shape, limits.maxRows);
  const schemas = await rowsOf(
    query,
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN (${EXCLUDED}) ORDER BY SCHEMA_NAME`,
    SCHEMA,
    limits.maxRows,
  );
  const tables = await read(TABLE, "TABLES", userTables, "TABLE_SCHEMA, TABLE_NAME");
  const columns = await rowsOf(
    query,
    select(COLUMN, "COLUMNS", userTables, "TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION", limits.maxColumns),
    COLUMN,
    limits.maxColumns,
  );
  const indexes = await read(INDEX, "STATISTICS", userTables, "TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX");
  const views = await read(VIEW, "VIEWS", userTables, "TABLE_SCHEMA, TABLE_NAME");
  const routines = await read(
    ROUTINE,
    "ROUTINES",
    `ROUTINE_SCHEMA NOT IN (${EXCLUDED})`,
    "ROUTINE_SCHEMA, ROUTINE_NAME",
  );
  const triggers = await read(
    TRIGGER,
    "TRIGGERS",
    `TRIGGER_SCHEMA NOT IN (${EXCLUDED})`,
    "TRIGGER_SCHEMA, TRIGGER_NAME",
  );
  const flavour = /mariadb/iu.test(server.version) ? "mariadb" : "mysql";
  return {
    flavour,
    serverVersion: server.version,
    lowerCaseTableNames: lowerCase(server.lower_case_table_names),
    sqlMode: server.sql_mode ?? "",
    schemas: schemas.map((schema) => schema.name),
    tables: buildTables({ tables, columns, indexes, views, flavour }),
    routines: routines.map(buildRoutine),
    triggers: triggers.map(buildTrigger),
  };
}

function lowerCase(value: number): 0 | 1 | 2 {
  return value === 1 || value === 2 ? value : 0;
}

interface Parts {
  readonly tables: readonly z.output<typeof TABLE>[];
  readonly columns: readonly z.output<typeof COLUMN>[];
  readonly indexes: readonly z.output<typeof INDEX>[];
  readonly views: readonly z.output<typeof VIEW>[];
  readonly flavour: CatalogueSnapshot["flavour"];
}

function keyOf(row: { readonly table_schema: string; readonly table_name: string }): string {
  return `${row.table_schema}\0${row.table_name}`;
}

function grouped<T extends { readonly table_schema: string; readonly table_name: string }>(
  rows: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

function buildTables(parts: Parts): readonly CatalogueTable[] {
  const columns = grouped(parts.columns);
  const indexes = grouped(parts.indexes);
  const definitions = new Map(parts.views.map((view) => [keyOf(view), view.view_definition]));
  return parts.tables.map((table) => {
    const key = keyOf(table);
    const built = buildIndexes(indexes.get(key) ?? []);
    return {
      schema: table.table_schema,
      name: table.table_name,
      kind: table.table_type === "VIEW" ? "view" : "table",
      columns: (columns.get(key) ?? []).map((column) => buildColumn(column, parts.flavour)),
      primaryKey: built.find((index) => index.name === "PRIMARY")?.columns ?? [],
      indexes: built,
      definition: definitions.get(key) || null,
    };
  });
}

function buildColumn(row: z.output<typeof COLUMN>, flavour: CatalogueSnapshot["flavour"]): CatalogueColumn {
  const generated = row.generation_expression === "" ? null : row.generation_expression;
  return {
    name: row.column_name,
    dataType: row.data_type.toLowerCase(),
    columnType: row.column_type,
    nullable: row.is_nullable === "YES",
    // MariaDB writes NULL where none was given.
    hasDefault: row.column_default !== null && !(flavour === "mariadb" && row.column_default === "NULL"),
    // MySQL writes the quotes of the expression with a backslash (bug 100607).
    generated: generated === null || flavour === "mariadb" ? generated : generated.replaceAll("\\'", "'"),
    invisible: /\bINVISIBLE\b/iu.test(row.extra ?? ""),
  };
}

function buildIndexes(rows: readonly z.output<typeof INDEX>[]): readonly CatalogueIndex[] {
  const names = [...new Set(rows.map((row) => row.index_name))];
  return names.map((name) => {
    const parts = rows.filter((row) => row.index_name === name);
    return {
      name,
      unique: parts[0]?.non_unique === 0,
      columns: parts.flatMap((part) => (part.column_name === null ? [] : [part.column_name])),
    };
  });
}

function buildRoutine(row: z.output<typeof ROUTINE>): CatalogueRoutine {
  return {
    schema: row.routine_schema,
    name: row.routine_name,
    kind: row.routine_type.toUpperCase() === "PROCEDURE" ? "procedure" : "function",
    body: row.routine_definition,
    security: row.security_type.toUpperCase() === "INVOKER" ? "invoker" : "definer",
  };
}

function buildTrigger(row: z.output<typeof TRIGGER>): CatalogueTrigger {
  const event = row.event_manipulation.toUpperCase();
  return {
    schema: row.trigger_schema,
    name: row.trigger_name,
    table: row.event_object_table,
    event: event === "INSERT" ? "insert" : event === "UPDATE" ? "update" : "delete",
    timing: row.action_timing.toUpperCase() === "BEFORE" ? "before" : "after",
    body: row.action_statement,
  };
}

/** SHA-256 of a snapshot, hex: equal exactly when nothing that analysis looks at differs. */
export function snapshotHash(snapshot: CatalogueSnapshot): string {
  return createHash("sha256").update(JSON.stringify(snapshot)).digest("hex");
}

export interface CatalogueDiff {
  /** `schema.table` in the catalogue's spelling. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Routines, triggers, server version, sql_mode or schemas differ. */
  readonly other: boolean;
}

/** What changed between two snapshots of the same upstream. */
export function diffSnapshots(before: CatalogueSnapshot, after: CatalogueSnapshot): CatalogueDiff {
  const index = (snapshot: CatalogueSnapshot) =>
    new Map(snapshot.tables.map((table) => [`${table.schema}.${table.name}`, JSON.stringify(table)]));
  const old = index(before);
  const fresh = index(after);
  const rest = ({ tables: _, ...others }: CatalogueSnapshot) => JSON.stringify(others);
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !fresh.has(name)),
    changed: [...fresh].filter(([name, table]) => old.has(name) && old.get(name) !== table).map(([name]) => name),
    other: rest(before) !== rest(after),
  };
}
