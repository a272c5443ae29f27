import type { BaseColumn, BaseTable } from "./analysis";
import type { Dialect } from "./token";

/** A column as information_schema.COLUMNS tells it. */
export interface CatalogueColumn {
  readonly name: string;
  /** Lower case, e.g. `varchar`, `int`, `json`. */
  readonly dataType: string;
  /** With length and attributes, e.g. `varchar(80)`. */
  readonly columnType: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** Expression of a generated column, null for every other. */
  readonly generated: string | null;
  /** Left out of `*`. */
  readonly invisible: boolean;
}

export interface CatalogueIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view";
  readonly columns: readonly CatalogueColumn[];
  /** Columns of the primary key in order; empty when there is none. */
  readonly primaryKey: readonly string[];
  readonly indexes: readonly CatalogueIndex[];
  /** The query of a view in the server's own, fully qualified spelling; null when it may not be seen. */
  readonly definition: string | null;
}

export interface CatalogueRoutine {
  readonly schema: string;
  readonly name: string;
  readonly kind: "function" | "procedure";
  /** Null when it may not be seen. */
  readonly body: string | null;
  readonly security: "definer" | "invoker";
}

export interface CatalogueTrigger {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly event: "insert" | "update" | "delete";
  readonly timing: "before" | "after";
  readonly body: string | null;
}

/** What is known about one upstream at one time. Plain data: stored, compared and shown as it is. */
export interface CatalogueSnapshot {
  readonly flavour: Dialect;
  readonly serverVersion: string;
  readonly lowerCaseTableNames: 0 | 1 | 2;
  readonly sqlMode: string;
  readonly schemas: readonly string[];
  readonly tables: readonly CatalogueTable[];
  readonly routines: readonly CatalogueRoutine[];
  readonly triggers: readonly CatalogueTrigger[];
}

export interface CompiledColumn {
  readonly column: CatalogueColumn;
  readonly base: BaseColumn;
  /** Compares with numbers as a number, so that one number can equal many of its values. */
  readonly textual: boolean;
}

export interface CompiledTable {
  readonly table: CatalogueTable;
  readonly base: BaseTable;
  readonly columns: readonly CompiledColumn[];
  /** By folded name. */
  readonly byName: ReadonlyMap<string, CompiledColumn>;
  readonly triggers: readonly CatalogueTrigger[];
}

/** A snapshot with the maps that name resolution needs; immutable. */
export interface Catalogue {
  readonly snapshot: CatalogueSnapshot;
  /** Null when there is no such table or view, or more than one that the server could mean. */
  readonly table: (schema: string, name: string) => CompiledTable | null;
  readonly schema: (name: string) => string | null;
  /** Equality of table names, schema names, aliases and CTE names under lower_case_table_names. */
  readonly sameName: (left: string, right: string) => boolean;
}

const TEXTUAL = new Set([
  "char",
  "varchar",
  "tinytext",
  "text",
  "mediumtext",
  "longtext",
  "binary",
  "varbinary",
  "tinyblob",
  "blob",
  "mediumblob",
  "longblob",
  "json",
  "enum",
  "set",
]);

/** Column names compare without case; bytes outside ASCII must be equal (MySQL folds some of them, MariaDB does not). */
export function foldColumn(name: string): string {
  return name.replace(/[A-Z]+/gu, (upper) => upper.toLowerCase());
}

const INFORMATION_SCHEMA = "information_schema";

/** Builds the lookup maps; linear in the number of columns. */
export function compileCatalogue(snapshot: CatalogueSnapshot): Catalogue {
  const folds = snapshot.lowerCaseTableNames !== 0;
  const foldTable = (name: string) => (folds ? foldColumn(name) : name);
  const foldSchema = (name: string) => {
    const lower = foldColumn(name);
    return lower === INFORMATION_SCHEMA ? lower : foldTable(name);
  };
  const schemas = new Map(snapshot.schemas.map((name) => [foldSchema(name), name]));
  const triggers = new Map<string, CatalogueTrigger[]>();
  const key = (schema: string, name: string) => {
    const folded = foldSchema(schema);
    return `${folded}\0${folded === INFORMATION_SCHEMA ? foldColumn(name) : foldTable(name)}`;
  };
  for (const trigger of snapshot.triggers) {
    const at = key(trigger.schema, trigger.table);
    triggers.set(at, [...(triggers.get(at) ?? []), trigger]);
  }
  const tables = new Map<string, CatalogueTable | null>();
  for (const table of snapshot.tables) {
    const at = key(table.schema, table.name);
    tables.set(at, tables.has(at) ? null : table);
  }
  const compiled = new Map<string, CompiledTable>();
  return {
    snapshot,
    schema: (name) => schemas.get(foldSchema(name)) ?? null,
    sameName: (left, right) => foldTable(left) === foldTable(right),
    table: (schema, name) => {
      const at = key(schema, name);
      const known = compiled.get(at);
      if (known !== undefined) return known;
      const table = tables.get(at);
      if (table === undefined || table === null) return null;
      const result = compileTable(table, triggers.get(at) ?? []);
      compiled.set(at, result);
      return result;
    },
  };
}

function compileTable(table: CatalogueTable, triggers: readonly CatalogueTrigger[]): CompiledTable {
  const columns = table.columns.map(
    (column): CompiledColumn => ({
      column,
      base: { schema: table.schema, table: table.name, column: column.name },
      textual: TEXTUAL.has(column.dataType),
    }),
  );
  return {
    table,
    base: { schema: table.schema, table: table.name },
    columns,
    byName: new Map(columns.map((column) => [foldColumn(column.column.name), column])),
    triggers,
  };
}
