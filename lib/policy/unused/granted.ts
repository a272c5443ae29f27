import type { Catalogue, CompiledTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { columnName, tableName } from "../lack";
import { columnPattern, tablePattern } from "../pattern";
import { expandStatements, type Rule } from "../rule";
import type { Unused } from "./model";
import type { UsedScope } from "./used-scope";

/** What a scope rule is about, by the catalogue: its tables with those of their columns that it lets be used. */
export interface GrantedScope {
  readonly tables: readonly { readonly table: CompiledTable; readonly columns: readonly string[] }[];
  readonly classes: readonly StatementClass[];
}

/** Null for a rule that grants nothing by name. */
export function grantedBy(rule: Rule, catalogue: Catalogue): GrantedScope | null {
  if (rule.effect === "deny" || rule.template !== undefined || rule.statements === undefined) return null;
  const tables = rule.tables?.map(tablePattern) ?? null;
  const columns = (rule.columns ?? []).map(columnPattern);
  const excluded = columns.filter((one) => one?.negated === true);
  const wanted = columns.filter((one) => one?.negated === false);
  return {
    tables: catalogue.snapshot.tables
      .flatMap(({ schema, name }) => catalogue.table(schema, name) ?? [])
      .filter(({ base }) => tables === null || tables.some((one) => one?.matches(base) === true))
      .map((table) => ({
        table,
        columns: table.columns
          .filter(({ base }) => !excluded.some((one) => one?.matches(base) === true))
          .filter(({ base }) => wanted.length === 0 || wanted.some((one) => one?.matches(base) === true))
          .map(({ base }) => columnName(base)),
      })),
    classes: [...expandStatements(rule.statements)],
  };
}

/** What of it was not used. Columns of tables that were not used at all go with their table. */
export function unusedOf(granted: GrantedScope, used: Pick<UsedScope, "tables" | "columns" | "classes">): Unused {
  const isUsed = ({ table }: GrantedScope["tables"][number]) => used.tables.has(tableName(table.base));
  return {
    tables: granted.tables.filter((one) => !isUsed(one)).map(({ table }) => tableName(table.base)),
    columns: granted.tables.filter(isUsed).flatMap(({ columns }) => columns.filter((name) => !used.columns.has(name))),
    verbs: granted.classes.filter((one) => !used.classes.has(one)),
  };
}
