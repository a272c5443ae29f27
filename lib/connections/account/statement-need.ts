import type { Understood } from "@/lib/policy/understand";
import type { Analysis, TableOccurrence } from "@/lib/sql/analysis";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { classPrivileges, definitionPrivileges } from "./class-privileges";
import type { NeedScope } from "./need";
import type { NeedContext } from "./need-context";
import { viewNeed } from "./view-need";

type Context = Pick<NeedContext, "catalogue" | "flavour" | "into" | "securityOf" | "defaultSchema">;

export const scopeOf = (table: CatalogueTable): NeedScope => ({
  kind: "table",
  schema: table.schema,
  table: table.name,
});

/** What one statement needs, by its analysis: the columns it reads, uses in conditions and writes, and what it calls. */
export function statementNeed(context: Context, statement: Understood, because: string): void {
  const { subject, analysis } = statement;
  if (subject.kind === "opaque") serverNeed(context, subject.class, because);
  if (analysis === null || subject.kind !== "analysed") return;
  const seen = new Set<string>();
  for (const one of analysis.tables) {
    if (one.view !== null || one.schema.toLowerCase() === "information_schema") continue;
    if (one.access === "ddl") definitionNeed(context, subject.class, one, because);
    const table = context.catalogue.table(one.schema, one.table)?.table;
    const key = `${one.schema}\0${one.table}\0${one.access}`;
    if (table === undefined || seen.has(key)) continue;
    seen.add(key);
    if (one.access !== "ddl") occurrenceNeed(context, { analysis, statementClass: subject.class, table, one }, because);
  }
  for (const { name, schema } of analysis.functions)
    routineNeed(context, schema === null ? name : `${schema}.${name}`, because);
  if (analysis.flags.has("into_file")) context.into.add("FILE", { scope: { kind: "global" }, because });
  if (analysis.flags.has("temporary_table")) {
    for (const { schema } of analysis.tables.filter((one) => one.access === "ddl")) {
      context.into.add("CREATE TEMPORARY TABLES", { scope: { kind: "schema", schema }, because });
    }
  }
}

interface Occurrence {
  readonly analysis: Analysis;
  readonly statementClass: StatementClass;
  readonly table: CatalogueTable;
  readonly one: TableOccurrence;
}

function occurrenceNeed(context: Context, occurrence: Occurrence, because: string): void {
  const { analysis, statementClass, table, one } = occurrence;
  const scope = scopeOf(table);
  const of = (access: "read" | "write") => {
    const names = analysis.columns
      .filter((column) => column.view === null && column.access === access)
      .filter((column) => column.schema === table.schema && column.table === table.name)
      .map((column) => column.column);
    return [...new Set(names)];
  };
  const read = of("read");
  const written = of("write");
  if (table.kind === "view") viewNeed(context, table, because);
  else if (one.access === "read" || read.length > 0) {
    // `*` wants every column there is, also those that the account can not see now.
    const all = analysis.flags.has("select_star") && read.length === table.columns.length;
    const columns = all || statementClass === "table" ? null : read.length > 0 ? read : anyColumn(table);
    context.into.add("SELECT", { scope, because, columns });
  }
  if (analysis.flags.has("locking_read") && context.flavour === "mysql" && one.access === "read") {
    // One of UPDATE, DELETE and LOCK TABLES (MySQL manual, "SELECT Statement"): this one can not change rows.
    context.into.add("LOCK TABLES", { scope: { kind: "schema", schema: table.schema }, because });
  }
  if (one.access !== "write") return;
  for (const [privilege, columns] of writePrivileges(statementClass, written, analysis)) {
    context.into.add(privilege, { scope, because, columns });
  }
}

type Privilege = readonly [privilege: string, columns: readonly string[] | null];

function writePrivileges(
  statementClass: StatementClass,
  written: readonly string[],
  analysis: Analysis,
): readonly Privilege[] {
  switch (statementClass) {
    case "update":
      return [["UPDATE", written]];
    case "delete":
      return [["DELETE", null]];
    case "replace":
      return [
        ["INSERT", written],
        ["DELETE", null],
      ];
    case "insert":
      return analysis.flags.has("on_duplicate_key")
        ? // Which of them are updated is not told apart; VALUES(column) reads it.
          [
            ["INSERT", written],
            ["UPDATE", written],
            ["SELECT", written],
          ]
        : [["INSERT", written]];
    default:
      return [];
  }
}

/** Counting rows needs a privilege on some column: of the primary key, which tells least. */
export function anyColumn(table: CatalogueTable): readonly string[] {
  const column = table.primaryKey[0] ?? table.columns[0]?.name;
  return column === undefined ? [] : [column];
}

function definitionNeed(
  context: Context,
  statementClass: StatementClass,
  { schema, table }: TableOccurrence,
  because: string,
): void {
  if (table === "") {
    const privilege = statementClass === "drop_schema" ? "DROP" : "CREATE";
    context.into.add(privilege, { scope: { kind: "schema", schema }, because });
    return;
  }
  const needed = definitionPrivileges(statementClass, context.flavour);
  if (needed === null) return;
  const scope: NeedScope = { kind: "table", schema, table };
  for (const privilege of needed.usual) context.into.add(privilege, { scope, because });
  for (const privilege of needed.rare) context.into.add(privilege, { scope, because, rare: true });
}

/** What a statement needs that is known by its class only: everywhere, because nothing says where. */
export function serverNeed(context: Context, statementClass: StatementClass, because: string): void {
  const known = classPrivileges(statementClass);
  if (known === null) return;
  const { into, catalogue, flavour } = context;
  for (const privilege of known.server?.[flavour] ?? []) into.add(privilege, { scope: { kind: "global" }, because });
  const schemas = catalogue.snapshot.schemas.filter((name) => name.toLowerCase() !== "information_schema");
  for (const privilege of known.schemas ?? []) {
    for (const schema of schemas) into.add(privilege, { scope: { kind: "schema", schema }, because });
  }
  const tables = catalogue.snapshot.tables.filter((one) => one.kind === "table" && schemas.includes(one.schema));
  for (const privilege of known.tables ?? []) {
    for (const table of tables) into.add(privilege, { scope: scopeOf(table), because });
  }
  if (known.note !== undefined) into.note(`${because} lets ${statementClass} statements pass: ${known.note}.`);
}

/** EXECUTE on the stored routines that a name can mean: of the default schema, else of any. Built-in functions need nothing. */
export function routineNeed(context: Context, named: string, because: string): void {
  const wanted = named.toLowerCase();
  const { routines } = context.catalogue.snapshot;
  const full = routines.filter((one) => `${one.schema}.${one.name}`.toLowerCase() === wanted);
  const bare = routines.filter((one) => one.name.toLowerCase() === wanted);
  const near = bare.filter((one) => one.schema === context.defaultSchema);
  for (const one of full.length > 0 ? full : near.length > 0 ? near : bare) {
    const type = one.kind === "function" ? ("FUNCTION" as const) : ("PROCEDURE" as const);
    context.into.add("EXECUTE", { scope: { kind: "routine", type, schema: one.schema, name: one.name }, because });
  }
}
