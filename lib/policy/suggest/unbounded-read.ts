import type { AnalysisFlag, BaseColumn, BaseTable, UsePlace } from "@/lib/sql/analysis";
import { type Catalogue, foldColumn } from "@/lib/sql/catalogue";
import { tableName } from "../lack";
import { heldPins } from "./held-pins";
import { identifies } from "./learned-form";
import type { Candidate } from "./observations";

/** An aggregate answers with few rows. */
const FEW_ROWS = 200;

/** They put every row into one value: what they answer with is as long as the table. */
const COLLECTING: ReadonlySet<string> = new Set(["group_concat", "json_arrayagg", "json_objectagg"]);
const AGGREGATES: ReadonlySet<string> = new Set([
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "std",
  "stddev",
  "stddev_pop",
  "stddev_samp",
  "variance",
  "var_pop",
  "var_samp",
  "bit_and",
  "bit_or",
  "bit_xor",
]);

/** Tables of which rows reach the result and that no pinned column holds back, neither their own nor one they are joined to by equality. */
export function unboundTables(candidate: Candidate): readonly BaseTable[] {
  const { analysis, tables, pins } = candidate.form;
  if (analysis === null) return tables;
  const held = new Set(heldPins(candidate));
  const bound = new Set(pins.filter(({ name }) => held.has(name)).map(({ column }) => tableName(column)));
  if (bound.size === 0) return tables;
  const joins = analysis.uses.flatMap(({ place, column, other }) =>
    place === "join_equality" && other !== null ? [[tableName(column), tableName(other)] as const] : [],
  );
  for (let before = 0; before !== bound.size; ) {
    before = bound.size;
    for (const [a, b] of joins) if (bound.has(a) || bound.has(b)) bound.add(a).add(b);
  }
  const shown = new Set((analysis.outputs ?? []).flatMap((one) => [...one.columns, ...one.viewColumns]).map(tableName));
  return tables.filter((one) => shown.has(tableName(one)) && !bound.has(tableName(one)));
}

/** Puts the values of all rows that it finds into one: no LIMIT bounds that. */
export function collects({ form: { analysis } }: Candidate): boolean {
  return (analysis?.functions ?? []).some((one) => one.schema === null && COLLECTING.has(one.name.toLowerCase()));
}

/**
 * Every result column is counted, summed, grouped by or told once, as far as lineage tells, and the answers are short, not only because of
 * the values that were asked with.
 */
export function isAggregate(candidate: Candidate, catalogue: Catalogue): boolean {
  const { form, mostRows } = candidate;
  const { analysis } = form;
  if (analysis === null || mostRows > FEW_ROWS || collects(candidate)) return false;
  const of = (place: UsePlace) => analysis.uses.filter((one) => one.place === place).map(({ column }) => column);
  const folded = [...of("grouping"), ...of("distinct")];
  const counts = analysis.functions.some((one) => one.schema === null && AGGREGATES.has(one.name.toLowerCase()));
  if (folded.length === 0) return counts && !countsBesideRows(candidate) && showsOnly(candidate, folded);
  // One row for each of the table: DISTINCT of what is only counted is none.
  const shown = new Set(
    (analysis.outputs ?? []).flatMap((one) => (one.flow === "direct" ? one.columns.map(keyOf) : [])),
  );
  const each = [...of("grouping"), ...of("distinct").filter((one) => shown.has(keyOf(one)))];
  if (each.some((one) => identifies(one, catalogue))) return false;
  // Told once each, but of those that the values let through: with other values it may be all of them.
  if (!counts && form.slots.length > 0) return false;
  return showsOnly(candidate, folded) && !searchesItsTexts(candidate, catalogue);
}

/** A window or a subquery counts, while the rows stay. */
function countsBesideRows({ form: { analysis, subject } }: Candidate): boolean {
  const beside: readonly AnalysisFlag[] = ["subquery"];
  return beside.some((flag) => analysis?.flags.has(flag) === true) || subject.shape.key.split(" ").includes("OVER");
}

function showsOnly({ form: { analysis } }: Candidate, folded: readonly BaseColumn[]): boolean {
  const wanted = new Set(folded.map(keyOf));
  return (analysis?.outputs ?? []).every(
    ({ flow, columns, viewColumns }) =>
      flow !== "direct" || [...columns, ...viewColumns].some((column) => wanted.has(keyOf(column))),
  );
}

/** Shows texts of a column that it searches for parts of them, as LIKE does. */
function searchesItsTexts({ form: { analysis } }: Candidate, catalogue: Catalogue): boolean {
  const searched = new Set(
    (analysis?.uses ?? []).filter((one) => one.place === "predicate").map((one) => keyOf(one.column)),
  );
  return (analysis?.outputs ?? [])
    .flatMap(({ columns, viewColumns }) => [...columns, ...viewColumns])
    .some(
      (one) =>
        searched.has(keyOf(one)) &&
        catalogue.table(one.schema, one.table)?.byName.get(foldColumn(one.column))?.textual === true,
    );
}

const keyOf = ({ schema, table, column }: BaseColumn) => `${schema}\0${table}\0${foldColumn(column)}`;
