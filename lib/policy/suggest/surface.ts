import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import { foldColumn } from "@/lib/sql/catalogue";
import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import { columnName, tableName } from "../lack";
import { actsAs, neededClasses } from "../needed-classes";
import { columnPattern, tablePattern } from "../pattern";
import { expandStatements, type Rule } from "../rule";
import { type StatementContext, understand } from "../understand";
import type { Surface } from "./model";

/** What may be done with a column: reading is one verb, however it is written. */
const DATA_VERBS = ["select", "insert", "replace", "update", "delete"] as const;

/** One column and one verb that something grants. */
export interface Cell {
  readonly column: BaseColumn;
  readonly verb: string;
}

/** What a template does; null: it can not be used. */
export type ReadTemplate = (
  template: string,
) => { readonly class: StatementClass; readonly analysis: Analysis | null } | null;

/**
 * How much the allow rules grant: scope rules by the columns of the catalogue that they name, template rules by the columns that their
 * statements touch; what a deny rule takes away of it does not count. `context` is what templates are read in. Pure.
 */
export function surfaceOf(
  rules: readonly Rule[],
  context: StatementContext,
  read: ReadTemplate = reads(context),
): Surface {
  const cells = cellsOf(rules, context, read);
  const columns = new Set([...cells.values()].map(({ column }) => columnName(column)));
  const tables = new Set([...cells.values()].map(({ column }) => tableName(column)));
  return {
    tables: tables.size,
    columns: columns.size,
    cells: cells.size,
    possible: columnsOfCatalogue(context).length * DATA_VERBS.length,
  };
}

/** The same cell by cell, by a key of column and verb. */
export function cellsOf(
  rules: readonly Rule[],
  context: StatementContext,
  read: ReadTemplate = reads(context),
): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const one of rules.filter(({ effect }) => effect === "allow")) {
    for (const cell of one.template === undefined ? scopeCells(one, context) : templateCells(read(one.template)))
      cells.set(keyOf(cell), cell);
  }
  for (const one of rules.filter(({ effect, template }) => effect === "deny" && template === undefined)) {
    for (const cell of scopeCells(one, context)) cells.delete(keyOf(cell));
  }
  return cells;
}

const keyOf = ({ column, verb }: Cell) => `${verb} ${column.schema}\0${column.table}\0${foldColumn(column.column)}`;

function columnsOfCatalogue({ catalogue }: StatementContext): BaseColumn[] {
  return catalogue.snapshot.tables
    .filter((one) => one.schema.toLowerCase() !== "information_schema")
    .flatMap(({ schema, name, columns }) => columns.map((one) => ({ schema, table: name, column: one.name })));
}

function scopeCells(rule: Rule, context: StatementContext): Cell[] {
  const verbs = verbsOf(rule);
  const tables = rule.tables?.flatMap((text) => tablePattern(text) ?? []);
  const patterns = rule.columns?.flatMap((text) => columnPattern(text) ?? []) ?? [];
  const wanted = patterns.filter((one) => !one.negated);
  const excluded = patterns.filter((one) => one.negated);
  return columnsOfCatalogue(context)
    .filter(
      (column) =>
        (tables === undefined || tables.some((one) => one.matches(column))) &&
        (wanted.length === 0 || wanted.some((one) => one.matches(column))) &&
        !excluded.some((one) => one.matches(column)),
    )
    .flatMap((column) => [...verbs].map((verb) => ({ column, verb })));
}

/** What a rule grants, or as a deny takes away. */
function verbsOf({ effect, statements }: Rule): ReadonlySet<string> {
  if (statements === undefined) return new Set(DATA_VERBS);
  const named = expandStatements(statements);
  const touched = effect === "deny" ? DATA_VERBS.filter((verb) => actsAs(verb).some((one) => named.has(one))) : [];
  return new Set([...[...named].map(verbOf), ...touched]);
}

function reads(context: StatementContext): ReadTemplate {
  return (template) => {
    const understood = understand(Buffer.from(template, "utf8"), context);
    return understood.ok ? { class: understood.subject.class, analysis: understood.analysis } : null;
  };
}

function templateCells(read: ReturnType<ReadTemplate>): Cell[] {
  if (read === null || read.analysis === null) return [];
  const { analysis } = read;
  const written = new Set(analysis.tables.filter((one) => one.access !== "read").map(tableName));
  // Which columns an upsert updates is not told apart.
  const changes = neededClasses(read.class, analysis)
    .filter((one) => one === read.class || one === "update")
    .map(verbOf);
  return analysis.columns
    .filter((one) => one.view === null)
    .flatMap(({ schema, table, column }) => {
      const verbs = written.has(tableName({ schema, table })) ? changes : ["select"];
      return verbs.map((verb) => ({ column: { schema, table, column }, verb }));
    });
}

function verbOf(statementClass: StatementClass): string {
  return groupOf(statementClass) === "read" ? "select" : statementClass;
}
