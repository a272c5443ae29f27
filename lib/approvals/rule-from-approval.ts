import { z } from "zod";
import { literalValue } from "@/lib/policy/literal-values";
import type { Rule } from "@/lib/policy/rule";
import type { ParameterDomain, StatementValue } from "@/lib/policy/value";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import type { Dialect } from "@/lib/sql/token";

/** Strings up to this length are taken for one of a few values, longer ones for free text. */
const MAX_LISTED = 64;
const MAX_NAME = 64;

/** Bound values as approvals keep them. Bytes are known by their hash only. */
const boundValue = z.union([
  z.object({ kind: z.literal("null") }),
  z.object({ kind: z.literal("number"), text: z.string(), form: z.enum(["integer", "decimal", "float"]) }),
  z.object({ kind: z.literal("string"), text: z.string() }),
  z.object({ kind: z.literal("bytes") }),
]);

export type RuleSuggestion =
  | { readonly ok: true; readonly rule: Rule }
  /** Why no rule can be made of it. */
  | { readonly ok: false; readonly why: string };

/**
 * The rule that would let this statement pass without a review, for the policy editor: its template, and for each value the domain it
 * suggests. Numbers may vary by kind, short texts may not, row counts only go down. Pure; a person edits it before it is published.
 */
export function ruleFromApproval(
  approval: { readonly sql: string; readonly parameters: readonly unknown[]; readonly ruleName: string | null },
  dialect: Dialect,
): RuleSuggestion {
  const read = lexText(approval.sql, dialect);
  if (!read.ok) return { ok: false, why: "the statement can not be taken apart" };
  const bound = z.array(boundValue).safeParse(approval.parameters);
  if (!bound.success) return { ok: false, why: "its values are of another version" };
  const canonical = canonicalise(read.lexed);
  const varying = canonical.literals.filter((literal) => literal.role !== "kept");
  const parameters = varying.map((literal): ParameterDomain => {
    const value = literalValue(literal) ?? bound.data[literal.parameter] ?? null;
    return literal.role === "limit" || literal.role === "offset" ? rowCount(value) : domainOf(value);
  });
  const rule: Rule = {
    name: nameOf(canonical.pattern, approval.ruleName),
    effect: "allow",
    template: canonical.pattern,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
  return { ok: true, rule };
}

function domainOf(value: StatementValue | null): ParameterDomain {
  if (value === null) return { type: "any" };
  switch (value.kind) {
    case "null":
      return { in: [null] };
    case "number":
      return { type: value.form === "integer" ? "integer" : value.form === "decimal" ? "decimal" : "number" };
    case "string": {
      const length = [...value.text].length;
      return length <= MAX_LISTED ? { in: [value.text] } : { type: "string", max_length: length };
    }
    case "bytes":
      return { type: "any" };
    default:
      return value satisfies never;
  }
}

function rowCount(value: StatementValue | null): ParameterDomain {
  const most = value?.kind === "number" ? Number(value.text) : Number.NaN;
  return Number.isSafeInteger(most) ? { type: "integer", range: [0, most] } : { type: "integer" };
}

/** The beginning of the template, or the rule that asked for the review when that says it better. */
function nameOf(pattern: string, ruleName: string | null): string {
  if (ruleName !== null) return `${ruleName.slice(0, MAX_NAME - " without review".length).trimEnd()} without review`;
  return (
    pattern
      .replaceAll(/[\p{Cc}\s]+/gu, " ")
      .slice(0, MAX_NAME)
      .trim() || "approved statement"
  );
}
