import type { AnalysisFlag, BaseColumn, BaseTable } from "@/lib/sql/analysis";
import { type Catalogue, foldColumn } from "@/lib/sql/catalogue";
import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import { tableKey } from "../compile";
import { listWords } from "../draft/describe-rule";
import { tableName } from "../lack";
import { neededClasses } from "../needed-classes";
import { exactColumnPattern, exactTablePattern } from "../pattern";
import { limitOf } from "./assess";
import { heldPins } from "./held-pins";
import { grouped } from "./learned-domain";
import type { Candidate } from "./observations";
import type { RuleBody } from "./rule-body";

/** What scope rules can not let through, or not without letting through more than the class of the statement. */
const NOT_BY_SCOPE: readonly AnalysisFlag[] = [
  "into_file",
  "into_variable",
  "user_variable",
  "calc_found_rows",
  "temporary_table",
  "locking_read",
  "insert_from_query",
  "subquery_in_write",
  "multi_table_write",
  "returning",
];

/** Whether a rule over tables and columns can stand for the template. */
export function fitsScope({ form }: Candidate): boolean {
  const { analysis } = form;
  const group = groupOf(form.class);
  if (analysis === null || (group !== "read" && group !== "write") || form.class === "call") return false;
  if (NOT_BY_SCOPE.some((flag) => analysis.flags.has(flag))) return false;
  if (analysis.functions.some((one) => one.effect !== "pure")) return false;
  // Where a write reads other tables, the rule would have to let select through as well.
  const mixed = group === "write" && form.tables.some((one) => one.access === "read");
  const named =
    form.tables.every((one) => exactTablePattern(one) !== null) &&
    form.columns.every((one) => exactColumnPattern(one) !== null);
  return !mixed && named && form.tables.length > 0 && form.columns.length > 0;
}

/** What a scope rule for it must name: an upsert is more than an insert. */
export function statementsFor({ form }: Candidate): readonly StatementClass[] {
  return form.analysis === null ? [form.class] : neededClasses(form.class, form.analysis);
}

/** Columns that every one of them pins, whatever its values are bound as. */
export function commonPins(candidates: readonly Candidate[]): readonly string[] {
  const [first, ...others] = candidates.map(heldPins);
  return (first ?? []).filter((name) => others.every((pins) => pins.includes(name)));
}

/** The highest LIMIT of all of them; null where one has none. */
export function commonLimit(candidates: readonly Candidate[]): number | null {
  const limits = candidates.map(limitOf);
  return limits.some((one) => one === null) ? null : Math.max(...limits.map((one) => one ?? 0));
}

/** One rule over the tables and columns of all of them, with the conditions that all of them have. They need the same statements and tables. */
export function scopeRule(candidates: readonly Candidate[], catalogue: Catalogue): RuleBody {
  const tables = uniqueBy(
    candidates.flatMap((one) => one.form.tables),
    tableKey,
  );
  const columns = candidates.flatMap((one) => one.form.columns);
  const whole = tables.filter((one) => isWhole(one, columns, catalogue));
  const where = commonPins(candidates);
  const limit = commonLimit(candidates);
  const [first] = candidates;
  return {
    body: {
      ...(first === undefined ? {} : { statements: [...statementsFor(first)] }),
      tables: tables.flatMap((one) => exactTablePattern(one) ?? []),
      columns: tables.flatMap((table) =>
        whole.includes(table) ? `${exactTablePattern(table) ?? ""}.*` : columnsOf(table, columns),
      ),
      ...(where.length === 0 ? {} : { where: where.flatMap((name) => pinPattern(name, candidates)) }),
      ...(limit === null ? {} : { max_limit: limit }),
    },
    candidates,
    wider: [wider(candidates, tables, whole, where, limit)],
  };
}

function wider(
  candidates: readonly Candidate[],
  tables: readonly BaseTable[],
  whole: readonly BaseTable[],
  where: readonly string[],
  limit: number | null,
): string {
  const [first] = candidates;
  const statements = first === undefined ? [] : statementsFor(first);
  const pins = where.map((one) => one.split(".").slice(1).join(".")).join(" and ");
  const held = [
    pins === "" ? "" : ` for given values of ${pins}`,
    limit === null ? "" : ` with a LIMIT of at most ${grouped(limit)}, from any OFFSET on`,
  ].join("");
  const free = statements.every((one) => one === "insert")
    ? "values and number of rows are free"
    : "any other conditions, their values, the order and the choice of columns are free";
  const templates = candidates.length === 1 ? "1 template" : `${grouped(candidates.length)} templates`;
  const later = whole.length === 0 ? "" : `, also of columns that ${whole.map(tableName).join(", ")} gets later`;
  return `any ${listWords(statements, "or")} over these columns of ${tables.map(tableName).join(", ")}${later}${held}; ${free}; seen were ${templates}`;
}

function pinPattern(name: string, candidates: readonly Candidate[]): string[] {
  const pin = candidates.flatMap((one) => one.form.pins).find((one) => one.name === name);
  const pattern = pin === undefined ? null : exactColumnPattern(pin.column);
  return pattern === null ? [] : [pattern];
}

/** Whether all of its columns were seen. */
function isWhole(table: BaseTable, seen: readonly BaseColumn[], catalogue: Catalogue): boolean {
  return catalogue.table(table.schema, table.table)?.columns.length === ownColumns(table, seen).length;
}

/** Exactly those seen. */
function columnsOf(table: BaseTable, seen: readonly BaseColumn[]): string[] {
  return ownColumns(table, seen)
    .flatMap((one) => exactColumnPattern(one) ?? [])
    .sort();
}

function ownColumns(table: BaseTable, seen: readonly BaseColumn[]): BaseColumn[] {
  return uniqueBy(
    seen.filter((one) => tableKey(one) === tableKey(table)),
    (one) => foldColumn(one.column),
  );
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((one) => [key(one), one])).values()];
}
