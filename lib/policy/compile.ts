import type { BaseTable } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { type ColumnPattern, columnPattern, type TablePattern, tablePattern } from "./pattern";
import { type Effect, expandStatements, type Policy, type Rule } from "./rule";
import type { Shape } from "./shape";
import type { ParameterDomain, StatementValue } from "./value";

/** What the SQL side makes of a rule's template: its shape, the tables it means, and the values it spells out. */
export type UnderstoodTemplate =
  | {
      readonly ok: true;
      readonly shape: Shape;
      readonly tables: readonly BaseTable[];
      /** One entry for each `?` of the shape: the literal the template spells out, or null for a placeholder. */
      readonly fixed: readonly (StatementValue | null)[];
    }
  | { readonly ok: false; readonly why: string };

export interface CompiledTemplate {
  readonly shapeKey: string;
  readonly tables: ReadonlySet<string>;
  readonly slots: readonly { readonly exact: StatementValue | null; readonly domain: ParameterDomain | null }[];
}

export interface CompiledRule {
  readonly policy: string;
  readonly name: string;
  readonly effect: Effect;
  /** Position among all rules of the set: earlier wins. */
  readonly order: number;
  readonly classes: ReadonlySet<StatementClass> | null;
  readonly tables: readonly TablePattern[] | null;
  readonly columns: { readonly wanted: readonly ColumnPattern[]; readonly excluded: readonly ColumnPattern[] } | null;
  readonly where: readonly ColumnPattern[];
  readonly maxLimit: number | null;
  readonly functions: ReadonlySet<string>;
  readonly template: CompiledTemplate | { readonly unusable: string } | null;
  readonly metadata: "allow" | "deny";
}

/** All policies that bind one identity on one connection, compiled once per revision and catalogue. Immutable. */
export interface PolicySet {
  readonly rules: readonly CompiledRule[];
  /** The strictest default of the policies: deny before review. */
  readonly fallback: { readonly effect: "review" | "deny"; readonly policy: string };
  readonly metadataAllowed: boolean;
}

export const tableKey = (table: BaseTable) => `${table.schema}\u0000${table.table}`;

/** Compiles policies in their order. `understand` reads a template under the connection's default schema. */
export function compilePolicies(
  policies: readonly Policy[],
  understand: (template: string) => UnderstoodTemplate,
): PolicySet {
  const rules: CompiledRule[] = [];
  for (const policy of policies) {
    for (const rule of policy.rules) rules.push(compileRule(policy, rule, rules.length, understand));
  }
  const strict = policies.find((policy) => policy.default === "deny") ?? policies[0];
  return {
    rules,
    fallback: { effect: strict?.default ?? "deny", policy: strict?.name ?? "" },
    metadataAllowed: policies.some((policy) => policy.metadata === "allow"),
  };
}

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);

function compileRule(
  policy: Policy,
  rule: Rule,
  order: number,
  understand: (template: string) => UnderstoodTemplate,
): CompiledRule {
  const columns = rule.columns === undefined ? null : present(rule.columns.map(columnPattern));
  return {
    policy: policy.name,
    name: rule.name,
    effect: rule.effect,
    order,
    classes: rule.statements === undefined ? null : expandStatements(rule.statements),
    tables: rule.tables === undefined ? null : present(rule.tables.map(tablePattern)),
    columns:
      columns === null
        ? null
        : { wanted: columns.filter((one) => !one.negated), excluded: columns.filter((one) => one.negated) },
    where: present((rule.where ?? []).map(columnPattern)),
    maxLimit: rule.max_limit ?? null,
    functions: new Set((rule.functions ?? []).map((name) => name.toLowerCase())),
    template: rule.template === undefined ? null : compileTemplate(understand(rule.template), rule.parameters ?? []),
    metadata: policy.metadata,
  };
}

function compileTemplate(
  understood: UnderstoodTemplate,
  domains: readonly ParameterDomain[],
): CompiledTemplate | { readonly unusable: string } {
  if (!understood.ok) return { unusable: understood.why };
  const placeholders = understood.fixed.filter((value) => value === null).length;
  if (domains.length > placeholders) {
    return { unusable: `it has ${placeholders} placeholders, and parameters describes ${domains.length}` };
  }
  let next = 0;
  return {
    shapeKey: understood.shape.key,
    tables: new Set(understood.tables.map(tableKey)),
    slots: understood.fixed.map((exact) => ({ exact, domain: exact === null ? (domains[next++] ?? null) : null })),
  };
}
