import { analyse } from "@/lib/sql/analyse";
import type { AnalysisResult, BaseColumn } from "@/lib/sql/analysis";
import {
  type Catalogue,
  type CatalogueSnapshot,
  type CatalogueTable,
  compileCatalogue,
  foldColumn,
} from "@/lib/sql/catalogue";
import { lexText } from "@/lib/sql/lexer";
import { quoteName, quoteTable } from "./names";

/** A column the restricted account may not read. */
export interface HiddenColumn {
  readonly column: string;
  /** Why, e.g. "masked" or "computed from ssn". */
  readonly because: string;
}

/**
 * What the restricted account should be able to read of one table or view. `masked`: some columns of a table, or the whole
 * view. `unproven`: a view that could not be shown to leave masked columns alone; it is not granted either.
 */
export interface ReachedTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: CatalogueTable["kind"];
  readonly verdict: "clean" | "masked" | "unproven";
  readonly readable: readonly string[];
  readonly hidden: readonly HiddenColumn[];
  /** The account gets its privileges here: the schema is one it is made for. */
  readonly granted: boolean;
}

export interface ReachInput {
  readonly catalogue: CatalogueSnapshot;
  /** Whether a mask covers this column of a table or view. */
  readonly isMasked: (column: BaseColumn) => boolean;
  /** Schemas the account is made for. */
  readonly schemas: readonly string[];
}

const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

/** What the restricted account should reach, every table and view of the catalogue, by schema and name. */
export function restrictedReach(input: ReachInput): readonly ReachedTable[] {
  const catalogue = compileCatalogue(input.catalogue);
  const wanted = new Set(input.schemas.map((name) => catalogue.schema(name) ?? name));
  const tables = input.catalogue.tables
    .filter((table) => foldColumn(table.schema) !== "information_schema")
    .sort((left, right) => byText(left.schema, right.schema) || byText(left.name, right.name));
  const hidden = new Map<string, readonly HiddenColumn[]>();
  for (const table of tables) {
    if (table.kind === "table") hidden.set(keyOf(table.schema, table.name), hiddenColumns(catalogue, table, input));
  }
  const isHidden = (column: BaseColumn) =>
    input.isMasked(column) ||
    (hidden.get(keyOf(column.schema, column.table)) ?? []).some((one) => one.column === column.column);
  return tables.map((table): ReachedTable => {
    const granted = wanted.has(table.schema);
    const { schema, name, kind } = table;
    if (kind === "view") {
      return { schema, name, kind, granted, ...viewReach(catalogue, table, isHidden) };
    }
    const own = hidden.get(keyOf(schema, name)) ?? [];
    const names = new Set(own.map((one) => one.column));
    const readable = table.columns.map((one) => one.name).filter((one) => !names.has(one));
    return { schema, name, kind, granted, verdict: own.length === 0 ? "clean" : "masked", readable, hidden: own };
  });
}

function keyOf(schema: string, table: string): string {
  return `${schema}\0${table}`;
}

function baseOf(table: CatalogueTable, column: string): BaseColumn {
  return { schema: table.schema, table: table.name, column };
}

/** Masked columns of a table and the generated ones computed from them, also through other generated ones. */
function hiddenColumns(catalogue: Catalogue, table: CatalogueTable, input: ReachInput): readonly HiddenColumn[] {
  const because = new Map<string, string>();
  for (const { name } of table.columns) if (input.isMasked(baseOf(table, name))) because.set(name, "masked");
  if (because.size === 0) return [];
  const masked = new Set(because.keys());
  for (const { name, generated } of table.columns) {
    if (generated === null || masked.has(name)) continue;
    const sources = generatedSources(catalogue, table, name);
    const source = sources?.find((one) => masked.has(one));
    if (sources === null) because.set(name, "computed in a way that is not understood");
    else if (source !== undefined) because.set(name, `computed from ${source}`);
  }
  return table.columns.flatMap(({ name }) => {
    const reason = because.get(name);
    return reason === undefined ? [] : [{ column: name, because: reason }];
  });
}

/** Null when the expression is not understood. */
function generatedSources(catalogue: Catalogue, table: CatalogueTable, column: string): readonly string[] | null {
  const analysis = understand(catalogue, `SELECT ${quoteName(column)} FROM ${quoteTable(table)}`);
  const output = analysis?.ok === true ? analysis.outputs?.[0] : undefined;
  return output?.columns.map((one) => one.column) ?? null;
}

/** All or nothing: a view runs with the privileges of whoever made it. */
function viewReach(
  catalogue: Catalogue,
  view: CatalogueTable,
  isHidden: (column: BaseColumn) => boolean,
): Pick<ReachedTable, "verdict" | "readable" | "hidden"> {
  const names = view.columns.map((one) => one.name);
  const withheld = (verdict: "masked" | "unproven", because: string) => ({
    verdict,
    readable: [],
    hidden: names.map((column) => ({ column, because })),
  });
  if (names.some((name) => isHidden(baseOf(view, name)))) return withheld("masked", "a column of the view is masked");
  const analysis = understand(catalogue, `SELECT * FROM ${quoteTable(view)}`);
  if (analysis?.ok !== true) return withheld("unproven", "the view is not understood");
  const touched = [
    ...(analysis.outputs ?? []).flatMap((output) => output.columns),
    ...analysis.uses.map((use) => use.column),
    ...analysis.columns,
  ].find(isHidden);
  if (touched !== undefined) {
    return withheld("masked", `the view reads ${touched.schema}.${touched.table}.${touched.column}`);
  }
  const foreign = analysis.functions.find((one) => one.effect === "unknown");
  if (foreign !== undefined) return withheld("unproven", `the view calls ${foreign.name}, which may read anything`);
  return { verdict: "clean", readable: names, hidden: [] };
}

function understand(catalogue: Catalogue, sql: string): AnalysisResult | null {
  const lexed = lexText(sql, catalogue.snapshot.flavour);
  if (!lexed.ok) return null;
  const { tokens, literals } = lexed.lexed;
  return analyse({ tokens, literals, catalogue, defaultSchema: null });
}
