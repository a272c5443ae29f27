import { splitPattern, type TablePattern } from "@/lib/policy/pattern";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { definitionPrivileges } from "./class-privileges";
import type { NeedScope } from "./need";
import type { NeedContext } from "./need-context";

export interface Definitions {
  readonly classes: ReadonlySet<StatementClass>;
  readonly tables: readonly TablePattern[] | null;
  /** The texts of `tables`. */
  readonly patterns: readonly string[] | null;
  readonly because: string;
}

/**
 * Data definition: on each table that exists, and on the names that a rule spells out. Where a rule lets tables come into being whose
 * names are not known yet, there is no scope but their schema.
 */
export function definitionScopes(context: NeedContext, definitions: Definitions): void {
  const { classes, because } = definitions;
  for (const statementClass of classes) {
    if (statementClass === "create_schema" || statementClass === "drop_schema") {
      schemaScopes(context, definitions, statementClass === "drop_schema" ? "DROP" : "CREATE");
      continue;
    }
    const needed = definitionPrivileges(statementClass, context.flavour);
    if (needed === null) continue;
    const scopes = needed.creates ? namedScopes(context, definitions) : existing(context, definitions);
    for (const scope of scopes) {
      for (const privilege of needed.usual) context.into.add(privilege, { scope, because });
      for (const privilege of needed.rare) context.into.add(privilege, { scope, because, rare: true });
    }
  }
  const links = classes.has("create_table") || classes.has("alter_table");
  if (context.flavour !== "mysql" || !links || !classes.has("select")) return;
  // MySQL asks for it on the table that a foreign key points at.
  for (const scope of existing(context, definitions)) context.into.add("REFERENCES", { scope, because, rare: true });
}

/** A table's name when the pattern has no `*`. */
function exact(pattern: string): NeedScope | null {
  if (pattern.includes("*")) return null;
  const [schema, table] = splitPattern(pattern) ?? [];
  return schema === undefined || table === undefined ? null : { kind: "table", schema, table };
}

const isSystem = (schema: string) => schema.toLowerCase() === "information_schema";

function existing(context: NeedContext, { tables }: Definitions): readonly NeedScope[] {
  return context.catalogue.snapshot.tables
    .filter(
      ({ schema, name }) => !isSystem(schema) && (tables?.some((one) => one.matches({ schema, table: name })) ?? true),
    )
    .map(({ schema, name }) => ({ kind: "table", schema, table: name }));
}

function namedScopes(context: NeedContext, { tables, patterns, because }: Definitions): readonly NeedScope[] {
  const schemas = context.catalogue.snapshot.schemas.filter((name) => !isSystem(name));
  const whole = (matches: (schema: string) => boolean) => {
    const found = schemas.filter(matches);
    for (const schema of found) {
      context.into.note(
        `${because} lets tables be created in ${schema} under names that are not known yet: that can only be granted for the whole schema.`,
      );
    }
    return found.map((schema): NeedScope => ({ kind: "schema", schema }));
  };
  if (tables === null || patterns === null) return whole(() => true);
  return patterns.flatMap((text, at) => exact(text) ?? whole((schema) => tables[at]?.matchesSchema(schema) ?? false));
}

function schemaScopes(context: NeedContext, { tables, patterns, because }: Definitions, privilege: string): void {
  const add = (scope: NeedScope) => context.into.add(privilege, { scope, because });
  if (tables === null || patterns === null) {
    add({ kind: "global" });
    return;
  }
  for (const text of patterns) {
    const [schema = "", table] = splitPattern(text) ?? [];
    // A rule covers a schema itself only with all its tables.
    if (table !== "*") continue;
    add(schema.includes("*") ? { kind: "global" } : { kind: "schema", schema });
  }
}
