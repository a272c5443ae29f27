import { actsAs } from "@/lib/policy/needed-classes";
import { columnPattern, tablePattern } from "@/lib/policy/pattern";
import { expandStatements, type Policy } from "@/lib/policy/rule";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";

/** What the deny rules of a policy take from its other rules: whoever has those has these too. */
export interface Denials {
  /** Every statement of the class that names the table is denied. */
  table(statementClass: StatementClass, table: CatalogueTable): boolean;
  /** Every statement of the class that names the column is denied. */
  column(statementClass: StatementClass, table: CatalogueTable, column: string): boolean;
  /** Some column of the table may be denied, also one that is not known. */
  anyColumn(statementClass: StatementClass, table: CatalogueTable): boolean;
}

const present = <T>(values: readonly (T | null)[]): readonly T[] => values.filter((value) => value !== null);

/** Only rules that deny by class, tables and columns alone: what depends on more takes nothing that is sure. */
export function deniedBy(policy: Policy): Denials {
  const rules = policy.rules
    .filter((rule) => rule.effect === "deny" && rule.template === undefined && rule.functions === undefined)
    .map((rule) => ({
      classes: rule.statements === undefined ? null : expandStatements(rule.statements),
      tables: rule.tables === undefined ? null : present(rule.tables.map(tablePattern)),
      columns: rule.columns === undefined ? null : present(rule.columns.map(columnPattern)),
    }));
  const about = (statementClass: StatementClass, { schema, name }: CatalogueTable) =>
    rules.filter(
      ({ classes, tables }) =>
        (classes === null || actsAs(statementClass).some((one) => classes.has(one))) &&
        (tables === null || tables.some((one) => one.matches({ schema, table: name }))),
    );
  const columnsOf = (statementClass: StatementClass, table: CatalogueTable) =>
    about(statementClass, table).flatMap((one) => (one.columns === null ? [] : [one.columns]));
  return {
    table: (statementClass, table) => about(statementClass, table).some((one) => one.columns === null),
    anyColumn: (statementClass, table) =>
      columnsOf(statementClass, table).some(
        (columns) =>
          columns.every((one) => one.negated) ||
          columns.some((one) => one.table.matches({ schema: table.schema, table: table.name })),
      ),
    column: (statementClass, table, column) => {
      const base = { schema: table.schema, table: table.name, column };
      return columnsOf(statementClass, table).some((columns) => {
        if (columns.some((one) => one.negated && one.matches(base))) return false;
        const wanted = columns.filter((one) => !one.negated);
        return wanted.length === 0 || wanted.some((one) => one.matches(base));
      });
    },
  };
}
