import { columnPattern, tablePattern } from "@/lib/policy/pattern";
import { expandStatements, type Policy } from "@/lib/policy/rule";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";

/** What the deny rules of a policy take from its other rules: whoever has those has these too. */
export interface Denials {
  /** Every statement of the class that names the table is denied. */
  table(statementClass: StatementClass, table: CatalogueTable): boolean;
  /** Every statement of the class that names the column is denied; "some" with no column named: of some column of the table. */
  column(statementClass: StatementClass, table: CatalogueTable, column: string): boolean | "some";
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
        (classes === null || classes.has(statementClass)) &&
        (tables === null || tables.some((one) => one.matches({ schema, table: name }))),
    );
  return {
    table: (statementClass, table) => about(statementClass, table).some((one) => one.columns === null),
    column: (statementClass, table, column) => {
      const { schema, name } = table;
      const patterns = about(statementClass, table).flatMap((one) => (one.columns === null ? [] : [one.columns]));
      if (column === "") {
        return patterns.flat().some((one) => one.table.matches({ schema, table: name })) ? "some" : false;
      }
      const base = { schema, table: name, column };
      return patterns.some((columns) => {
        if (columns.some((one) => one.negated && one.matches(base))) return false;
        const wanted = columns.filter((one) => !one.negated);
        return wanted.length === 0 || wanted.some((one) => one.matches(base));
      });
    },
  };
}
