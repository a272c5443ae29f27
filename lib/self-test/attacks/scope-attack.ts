import { quoteName } from "@/lib/connections/restricted/names";
import type { CompiledRule } from "@/lib/policy/compile";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Attack, Passing } from "../attack";

/** Of each kind: whole catalogues could be asked for otherwise. */
export const MOST = { tables: 12, verbs: 10, wide: 3, rules: 8, alike: 12, schemas: 3 } as const;

export const attack = (id: string, tries: string, sql: string, about: string, passing: Passing): Attack => ({
  id: `scope.${id}`,
  family: "scope",
  tries,
  statements: [sql],
  bound: null,
  about,
  expects: { kind: "refused", passing },
});

export const nameOf = ({ schema, name }: Pick<CatalogueTable, "schema" | "name">) => `${schema}.${name}`;
/** Whether a rule is about such statements over the table, by its classes and tables alone. */
export const covers = (rule: CompiledRule, { schema, name }: CatalogueTable, statementClass: StatementClass) =>
  (rule.classes === null || rule.classes.has(statementClass)) &&
  (rule.tables === null || rule.tables.some((pattern) => pattern.matches({ schema, table: name })));

export const firstColumn = (table: CatalogueTable) => quoteName(table.columns[0]?.name ?? "*");
