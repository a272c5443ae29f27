import type { Catalogue, CatalogueTable } from "@/lib/sql/catalogue";
import { compilePolicies } from "./compile";
import { columnPattern, tablePattern } from "./pattern";
import type { Policy, Rule } from "./rule";
import { understandTemplate } from "./understand-template";

/** A rule that is valid and can not do what its author wants of it. `path` is meant from the list of rules. */
export interface RuleWarning {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Compares rules with the schema that is known of their connection: names that match nothing there, templates that are not understood.
 * Such rules are no error, because the schema may come later.
 */
export function ruleWarnings(
  rules: readonly Rule[],
  catalogue: Catalogue,
  connectionSchema: string | null,
): RuleWarning[] {
  const { tables } = catalogue.snapshot;
  return rules.flatMap((rule, at) =>
    [
      ...(rule.tables ?? []).map((text, n) => [["tables", n], tableWarning(text, tables)] as const),
      ...(rule.columns ?? []).map((text, n) => [["columns", n], columnWarning(text, tables)] as const),
      ...(rule.where ?? []).map((text, n) => [["where", n], columnWarning(text, tables)] as const),
      [["template"], templateWarning(rule, catalogue, connectionSchema)] as const,
    ].flatMap(([path, message]) => (message === null ? [] : [{ path: [at, ...path], message }])),
  );
}

function tableWarning(text: string, tables: readonly CatalogueTable[]): string | null {
  const pattern = tablePattern(text);
  if (pattern === null || tables.some((one) => pattern.matches({ schema: one.schema, table: one.name }))) return null;
  return `no table or view that is known matches ${text}: nothing of it can be matched`;
}

function columnWarning(text: string, tables: readonly CatalogueTable[]): string | null {
  const pattern = columnPattern(text);
  if (pattern === null) return null;
  const owners = tables.filter((one) => pattern.table.matches({ schema: one.schema, table: one.name }));
  if (owners.length === 0) return `no table or view that is known matches ${text}`;
  const known = owners.some((one) =>
    one.columns.some((column) => pattern.matches({ schema: one.schema, table: one.name, column: column.name })),
  );
  return known ? null : `no column that is known matches ${text}`;
}

/** Compiled as the gateway compiles it: what it can not use there, it can not use here. */
function templateWarning(rule: Rule, catalogue: Catalogue, connectionSchema: string | null): string | null {
  if (rule.template === undefined) return null;
  const context = {
    dialect: catalogue.snapshot.flavour,
    catalogue,
    defaultSchema: connectionSchema,
    pipesAsConcat: false,
  };
  const alone: Policy = { name: "", identities: [], metadata: "deny", default: "deny", rules: [rule] };
  const set = compilePolicies([alone], (text) => understandTemplate(text, context));
  const template = set.rules[0]?.template ?? null;
  return template !== null && "unusable" in template ? `the template can not be used: ${template.unusable}` : null;
}
