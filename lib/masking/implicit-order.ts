import type { Analysis, BaseColumn, BaseTable, TableOccurrence, UsePlace } from "@/lib/sql/analysis";
import { type Catalogue, type CompiledTable, foldColumn } from "@/lib/sql/catalogue";
import type { Mask } from "./mask";
import type { MaskRefusal } from "./refusal";
import { wordsOf } from "./taint";

/**
 * Rows that come back without ORDER BY come in the order of whatever index the server likes to read, and LIMIT then selects by it. An
 * index over a masked column would so tell its values: the server is told not to use it.
 */
export interface IndexChoice {
  /** Token before which IGNORE INDEX is to stand, and the indexes it names. */
  readonly avoid: readonly { readonly at: number; readonly indexes: readonly string[] }[];
  /**
   * Tables whose order may still tell: by their primary key, by an index that the statement needs for a lookup, or where no hint can stand
   * (views, DELETE).
   */
  readonly open: readonly BaseTable[];
}

/** Places of a column for which the server may want an index. */
const LOOKS_UP: ReadonlySet<UsePlace> = new Set(["equality", "join_equality", "predicate", "join", "subquery"]);

export interface TellingIndex {
  readonly name: string;
  /** The masked column that decides on the order. */
  readonly column: BaseColumn;
  /** Folded name of the index's first column. */
  readonly leading: string;
}

/** Per table of the statement; refuses hints of the client's own that ask for such an index. */
export function indexChoices(
  analysis: Analysis,
  mask: (column: BaseColumn) => Mask | null,
  catalogue: Catalogue,
): IndexChoice | MaskRefusal {
  const avoid: { at: number; indexes: readonly string[] }[] = [];
  const open = new Map<string, BaseTable>();
  const looksUp = new Set(analysis.uses.filter((use) => LOOKS_UP.has(use.place)).map((use) => keyOf(use.column)));
  for (const occurrence of analysis.tables) {
    const compiled = occurrence.kind === "table" ? catalogue.table(occurrence.schema, occurrence.table) : null;
    if (compiled === null || occurrence.access === "ddl" || onlyInserted(analysis, occurrence)) continue;
    const telling = tellingIndexes(compiled, mask);
    if (telling.length === 0) continue;
    const forced = telling.find((one) => occurrence.hints?.forced.some((name) => same(name, one.name)));
    if (forced !== undefined) return { kind: "index", column: forced.column, index: forced.name };
    const avoidable = telling.filter((one) => one.name !== "PRIMARY" && !isNeeded(one, compiled, telling, looksUp));
    if (occurrence.hints !== null && takesHints(analysis, occurrence) && avoidable.length > 0) {
      avoid.push({ at: occurrence.hints.at, indexes: avoidable.map((one) => one.name) });
    }
    if (occurrence.hints === null || avoidable.length < telling.length || !takesHints(analysis, occurrence)) {
      open.set(`${compiled.base.schema}\0${compiled.base.table}`, compiled.base);
    }
  }
  return { avoid, open: [...open.values()] };
}

/**
 * Indexes in which a masked column, or one that is generated from one, decides on the order of rows: behind other columns too, for rows
 * that agree in those. A mask whose predicates are free has given its order away already.
 */
export function tellingIndexes(
  compiled: CompiledTable,
  mask: (column: BaseColumn) => Mask | null,
): readonly TellingIndex[] {
  const hidden = new Map<string, BaseColumn>();
  for (const { column, base } of compiled.columns) {
    const own = mask(base);
    if (own !== null && own.predicates !== "any") hidden.set(column.name.toLowerCase(), base);
  }
  if (hidden.size === 0) return [];
  for (const { column } of compiled.columns) {
    const source =
      column.generated === null ? undefined : [...wordsOf(column.generated)].find((word) => hidden.has(word));
    const base = source === undefined ? undefined : hidden.get(source);
    if (base !== undefined) hidden.set(column.name.toLowerCase(), base);
  }
  const key = compiled.table.primaryKey.map((name) => name.toLowerCase());
  return compiled.table.indexes.flatMap(({ name, columns }) => {
    const folded = columns.map((column) => column.toLowerCase());
    const at = folded.findIndex((column) => hidden.has(column));
    const column = hidden.get(folded[at] ?? "");
    const settled = key.length > 0 && key.every((one) => folded.slice(0, at).includes(one));
    return column === undefined || settled ? [] : [{ name, column, leading: folded[0] ?? "" }];
  });
}

/** What the statement looks up: an index that begins with such a column is needed, unless another one begins with it too. */
function isNeeded(
  telling: TellingIndex,
  compiled: CompiledTable,
  all: readonly TellingIndex[],
  looksUp: ReadonlySet<string>,
) {
  const { leading, name } = telling;
  const column = compiled.byName.get(leading)?.base;
  if (column === undefined || !looksUp.has(keyOf(column))) return false;
  return !compiled.table.indexes.some(
    (other) =>
      other.name !== name &&
      foldColumn(other.columns[0] ?? "") === leading &&
      !all.some((one) => one.name === other.name),
  );
}

/** The target of INSERT is not read; a single-table DELETE has no place for hints in its grammar. */
function takesHints(analysis: Analysis, occurrence: TableOccurrence): boolean {
  return !(analysis.class === "delete" && occurrence.access === "write" && !analysis.flags.has("multi_table_write"));
}

function onlyInserted(analysis: Analysis, occurrence: TableOccurrence): boolean {
  return (analysis.class === "insert" || analysis.class === "replace") && occurrence.access === "write";
}

const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
const keyOf = (column: BaseColumn) => `${column.schema}\0${column.table}\0${column.column}`;
