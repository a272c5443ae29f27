import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { ValueRef } from "@/lib/sql/model";
import type { Mask } from "./mask";
import type { MaskRefusal } from "./refusal";

/** A value that is written into a masked column. */
export interface WrittenValue {
  readonly value: ValueRef;
  readonly column: BaseColumn;
  readonly mask: Mask;
}

/** Definitions that could rename, convert or link a column. */
const CHANGES_TABLE: ReadonlySet<string> = new Set(["alter_table", "rename_table", "create_index", "create_table"]);

/** A write whose outcome would tell a masked column: counts of changed rows, duplicates, changed definitions. */
export function forbiddenWrite(
  analysis: Analysis,
  mask: (column: BaseColumn) => Mask | null,
  catalogue: Catalogue,
): MaskRefusal | null {
  const columnsOf = (schema: string, table: string) => catalogue.table(schema, table)?.columns ?? [];
  if (CHANGES_TABLE.has(analysis.class)) {
    const touched = analysis.tables.filter((one) => one.access === "ddl" || isReference(analysis, one));
    const column = touched.flatMap((one) => columnsOf(one.schema, one.table)).find((one) => mask(one.base) !== null);
    if (column !== undefined) return { kind: "definition", column: column.base };
  }
  const updates = analysis.class === "update" || analysis.flags.has("on_duplicate_key");
  for (const { column } of analysis.writes) {
    if (mask(column)?.predicates !== "deny") continue;
    if (updates) return { kind: "update", column };
    const indexes = catalogue.table(column.schema, column.table)?.table.indexes ?? [];
    const folded = column.column.toLowerCase();
    const unique = indexes.some((one) => one.unique && one.columns.some((name) => name.toLowerCase() === folded));
    if (unique) return { kind: "unique", column };
    if (mask(column)?.join_class !== undefined) return { kind: "joinable", column };
  }
  return null;
}

/** CREATE TABLE .. LIKE and foreign keys: a table that the definition reads without a query. */
function isReference(analysis: Analysis, table: Analysis["tables"][number]): boolean {
  return analysis.class === "create_table" && table.access === "read" && analysis.columns.length === 0;
}

/** Literals and parameters that go into masked columns: checked for each execution. */
export function writtenValues(analysis: Analysis, mask: (column: BaseColumn) => Mask | null): readonly WrittenValue[] {
  return analysis.values.flatMap(({ value, role }) => {
    const own = role.role === "assigned" ? mask(role.column) : null;
    return own === null || role.role !== "assigned" ? [] : [{ value, column: role.column, mask: own }];
  });
}
