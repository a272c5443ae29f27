import type { Catalogue, CompiledTable } from "../catalogue";
import { foldColumn } from "../catalogue";
import { Refusal } from "../parse/cursor";
import { CONSTANT, type Flow, mergeColumns, mergeViewColumns, type Output } from "./flow";

/** A table, view, derived table or CTE of a FROM clause, under the name it has there. */
export interface Source {
  /** Null when nothing can name it. */
  readonly alias: string | null;
  /** Schema that may qualify its columns: that of a table without an alias, else null. */
  readonly schema: string | null;
  readonly columns: readonly ScopeColumn[];
  /** Number of its occurrence when it is a table or view of the catalogue, with what it is. */
  readonly table: { readonly occurrence: number; readonly compiled: CompiledTable } | null;
}

export interface ScopeColumn {
  readonly name: string;
  readonly flow: Flow;
  readonly invisible: boolean;
}

/** What names can mean at one place: a FROM clause, the select list where it is visible, and what is outside. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Columns that an unqualified name or star means: those of USING and NATURAL once. */
  readonly columns: readonly ScopeColumn[];
  /** Order of `columns` is not certain, so that an unqualified star is refused. */
  readonly uncertainOrder: boolean;
  readonly aliases: readonly Output[];
  /** Folded select aliases that are not visible here: servers differ on subqueries that name one, so that is refused. */
  readonly hidden: ReadonlySet<string>;
  /** Select aliases that only subqueries of the select list see. */
  readonly subqueryAliases: readonly Output[];
  readonly outer: Scope | null;
}

export const EMPTY_SCOPE: Scope = {
  sources: [],
  columns: [],
  uncertainOrder: false,
  aliases: [],
  hidden: new Set(),
  subqueryAliases: [],
  outer: null,
};

/** Letters that fold to ASCII letters on some servers: a name with one can mean another name there. */
const LOOK_ALIKE = /[\u212A\u0130\u0131\u017F]/u;

/** Refuses names that one server would fold to another name and the other would not. */
export function checkName(name: string): string {
  if (LOOK_ALIKE.test(name))
    throw new Refusal("UNSUPPORTED", "a name with a letter that servers fold differently", null);
  return name;
}

/** Name of a derived table's column that only the server knows: no name of a statement is empty. */
export const UNNAMED = "";

interface ColumnName {
  readonly schema: string | null;
  readonly table: string | null;
  readonly column: string;
}

function written(name: ColumnName): string {
  return [name.schema, name.table, name.column].filter((part) => part !== null).join(".");
}

/** The flow of a column name, innermost scope first. Unknown and ambiguous names are refused by name. */
export function resolveColumn(scope: Scope, name: ColumnName, catalogue: Catalogue): Flow {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = name.table === null ? unqualified(at, name) : qualified(at, name, catalogue);
    if (found !== null) return found;
    checkCertain(at, name);
  }
  throw new Refusal("UNKNOWN_NAME", `the column ${written(name)} is not known`, null);
}

/** Names the server gives to computed columns are their text: never a plain word. */
const PLAIN_NAME = /^[\w$]+$/u;

/** Before looking further out: the server must not be able to find the name here. */
function checkCertain(scope: Scope, name: ColumnName): void {
  const unnamed = scope.sources.some((source) => source.columns.some((column) => column.name === UNNAMED));
  if (unnamed) {
    throw new Refusal(
      "UNKNOWN_NAME",
      `the column ${written(name)} is not known: give every column of a derived table an alias`,
      null,
    );
  }
  if (name.table === null && scope.hidden.has(foldColumn(name.column))) {
    throw new Refusal("AMBIGUOUS_NAME", `${written(name)} is an alias that can not be used here`, null);
  }
}

function unqualified(scope: Scope, name: ColumnName): Flow | null {
  const folded = foldColumn(name.column);
  const matches = scope.columns.filter((column) => foldColumn(column.name) === folded);
  const aliases = scope.aliases.filter((output) =>
    output.name === null ? !PLAIN_NAME.test(name.column) : foldColumn(output.name) === folded,
  );
  if (matches.length > 1 && aliases.length === 0) {
    throw new Refusal("AMBIGUOUS_NAME", `the column ${written(name)} is ambiguous: qualify it with its table`, null);
  }
  const [column] = matches;
  if (aliases.length === 0) return column?.flow ?? null;
  const flows = [...matches, ...aliases].map((match) => match.flow);
  const [only] = aliases;
  if (matches.length === 0 && aliases.length === 1 && only !== undefined) return only.flow;
  const same = flows.every((flow) => flow === flows[0] || (flow.origin !== null && flow.origin === flows[0]?.origin));
  if (same && flows[0] !== undefined) return flows[0];
  const columns = mergeColumns(flows);
  const derived = flows.some((flow) => flow.kind === "derived");
  return {
    ...CONSTANT,
    kind: columns.size === 0 ? "constant" : derived ? "derived" : "direct",
    columns,
    viewColumns: mergeViewColumns(flows),
    fallible: flows.some((flow) => flow.fallible),
  };
}

function qualified(scope: Scope, name: ColumnName, catalogue: Catalogue): Flow | null {
  const folded = foldColumn(name.column);
  const flows: Flow[] = [];
  for (const source of sourcesNamed(scope, name.schema, name.table ?? "", catalogue)) {
    for (const column of source.columns) if (foldColumn(column.name) === folded) flows.push(column.flow);
  }
  if (flows.length > 1) throw new Refusal("AMBIGUOUS_NAME", `the column ${written(name)} is ambiguous`, null);
  return flows[0] ?? null;
}

/** The sources a qualified name or star can mean in this scope. */
export function sourcesNamed(
  scope: Scope,
  schema: string | null,
  table: string,
  catalogue: Catalogue,
): readonly Source[] {
  return scope.sources.filter(
    (source) =>
      source.alias !== null &&
      catalogue.sameName(source.alias, table) &&
      (schema === null || (source.schema !== null && catalogue.schema(schema) === source.schema)),
  );
}

/** Refuses a FROM clause in which two sources have the same name. */
export function checkDuplicates(sources: readonly Source[], catalogue: Catalogue): void {
  sources.forEach((left, index) => {
    for (const right of sources.slice(index + 1)) {
      if (left.alias === null || right.alias === null || !catalogue.sameName(left.alias, right.alias)) continue;
      if (left.schema !== null && right.schema !== null && left.schema !== right.schema) continue;
      throw new Refusal("AMBIGUOUS_NAME", `two tables are called ${left.alias}: give one an alias`, null);
    }
  });
}
