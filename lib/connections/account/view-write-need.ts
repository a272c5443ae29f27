import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { quoteName, quoteTable } from "../restricted/names";
import { type NeedContext, understood } from "./need-context";
import { scopeOf } from "./statement-need";

/** Writing through an invoker's view needs the same privilege on the columns of the table behind it. */
export function viewWriteNeed(
  context: NeedContext,
  view: CatalogueTable,
  statementClass: StatementClass,
  because: string,
): void {
  if (statementClass === "select" || statementClass === "table" || context.securityOf(view) === "definer") return;
  for (const sql of probes(view, statementClass)) {
    const analysis = understood(context, sql)?.analysis ?? null;
    if (analysis === null) continue;
    for (const { schema, table, column } of analysis.columns.filter(
      (one) => one.view !== null && one.access === "write",
    )) {
      const base = context.catalogue.table(schema, table)?.table;
      if (base?.kind !== "table") continue;
      const privilege = statementClass === "update" ? "UPDATE" : "INSERT";
      if (statementClass !== "delete")
        context.into.add(privilege, { scope: scopeOf(base), because, columns: [column] });
    }
    if (statementClass !== "delete" && statementClass !== "replace") continue;
    for (const { schema, table } of analysis.tables.filter((one) => one.view !== null)) {
      const base = context.catalogue.table(schema, table)?.table;
      if (base?.kind === "table") context.into.add("DELETE", { scope: scopeOf(base), because });
    }
  }
}

/** One statement for each column: those that are computed are refused by themselves. */
function probes(view: CatalogueTable, statementClass: StatementClass): readonly string[] {
  const name = quoteTable(view);
  if (statementClass === "delete") return [`DELETE FROM ${name}`];
  return view.columns.map(({ name: column }) =>
    statementClass === "update"
      ? `UPDATE ${name} SET ${quoteName(column)} = NULL`
      : `INSERT INTO ${name} (${quoteName(column)}) VALUES (NULL)`,
  );
}
