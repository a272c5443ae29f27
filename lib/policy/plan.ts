import type { LimitTerm } from "@/lib/sql/analysis";
import type { CompiledRule, PolicySet } from "./compile";
import { describeLack, type Lack } from "./lack";
import { type Condition, type Match, matchRule, scopeFacts } from "./match";
import type { MetadataObject, Subject } from "./subject";
import { exactNumber, fitsDomain, type StatementValue } from "./value";

/** The values of one execution. Null: not known yet (a placeholder of a statement that is being prepared). */
export interface Values {
  literal(index: number): StatementValue | null;
  /** By position of the `?` in the statement, from 0. */
  parameter(ordinal: number): StatementValue | null;
}

interface Step {
  readonly rule: CompiledRule;
  readonly conditions: readonly Condition[];
}

/**
 * The decision of one template for one policy set, as far as it does not depend on values: cached under the template.
 * Rules that can not matter are gone; what is left is checked against each execution's values.
 */
export interface Plan {
  /** Deny rules that touch the statement. */
  readonly denies: readonly Step[];
  /** Allow and review rules that cover it, in order. */
  readonly steps: readonly Step[];
  /** The first review rule that touches it without covering it: wins over a later allow. */
  readonly review: CompiledRule | null;
  readonly otherwise: Verdict;
  /** What each rule lacks, for explanations. */
  readonly matches: readonly { readonly rule: CompiledRule; readonly match: Match }[];
}

export interface Verdict {
  readonly effect: "allow" | "review" | "deny";
  readonly policy: string | null;
  readonly rule: string | null;
  /** Why, in a sentence without a full stop, for the client and the reviewer. */
  readonly reason: string;
}

/** Decides everything that does not depend on values. */
export function planFor(set: PolicySet, subject: Subject): Plan {
  const facts = scopeFacts(subject);
  const matches = set.rules.map((rule) => ({ rule, match: matchRule(rule, subject, facts) }));
  const denies: Step[] = [];
  const steps: Step[] = [];
  let review: CompiledRule | null = null;
  for (const { rule, match } of matches) {
    if (rule.effect === "deny") {
      if (match.touches) denies.push({ rule, conditions: match.conditions });
    } else if (match.covers) steps.push({ rule, conditions: match.conditions });
    else if (rule.effect === "review" && match.touches && review === null) review = rule;
  }
  return { denies, steps, review, otherwise: otherwise(set, subject), matches };
}

function otherwise(set: PolicySet, subject: Subject): Verdict {
  switch (subject.kind) {
    case "housekeeping":
      return { effect: "allow", policy: null, rule: null, reason: "session housekeeping needs no rule" };
    case "use":
      return inScope(set, { schema: subject.schema, table: null })
        ? { effect: "allow", policy: null, rule: null, reason: `schema ${subject.schema} is in scope` }
        : { effect: "deny", policy: null, rule: null, reason: `no rule is about schema ${subject.schema}` };
    case "metadata":
      return metadataVerdict(set, subject.objects);
    case "explain":
    case "analysed":
    case "opaque": {
      const { effect, policy } = set.fallback;
      if (subject.kind === "explain" && !set.metadataAllowed) {
        return {
          effect: "deny",
          policy,
          rule: null,
          reason: "the policy does not allow metadata, and EXPLAIN is metadata",
        };
      }
      return { effect, policy, rule: null, reason: "no rule allows it" };
    }
    default:
      return subject satisfies never;
  }
}

function metadataVerdict(set: PolicySet, objects: readonly MetadataObject[]): Verdict {
  if (!set.metadataAllowed) {
    return { effect: "deny", policy: set.fallback.policy, rule: null, reason: "the policy does not allow metadata" };
  }
  const outside = objects.find((object) => object.schema !== null && !inScope(set, object));
  if (outside !== undefined) {
    const name = outside.table === null ? `schema ${outside.schema}` : `${outside.schema}.${outside.table}`;
    return {
      effect: "deny",
      policy: set.fallback.policy,
      rule: null,
      reason: `no rule is about ${name}, so its metadata is not shown`,
    };
  }
  return {
    effect: "allow",
    policy: set.fallback.policy,
    rule: null,
    reason: "metadata about tables in scope is allowed",
  };
}

/** Whether some allow or review rule is about the table, or about some table of the schema. */
function inScope(set: PolicySet, object: MetadataObject): boolean {
  const { schema, table } = object;
  if (schema === null) return true;
  // It describes itself: what may be read of it is decided table by table, before any rule.
  if (schema.toLowerCase() === "information_schema") return set.metadataAllowed;
  return set.rules.some((rule) => {
    if (rule.effect === "deny" || rule.metadata === "deny") return false;
    if (rule.template !== null) {
      if ("unusable" in rule.template) return false;
      return [...rule.template.tables].some(
        (key) => key.startsWith(`${schema}\u0000`) && (table === null || key === `${schema}\u0000${table}`),
      );
    }
    if (rule.tables === null) return true;
    return rule.tables.some((one) => (table === null ? one.matchesSchema(schema) : one.matches({ schema, table })));
  });
}

type Truth = "yes" | "no" | "unknown";

function limitTruth(terms: readonly LimitTerm[], max: number, values: Values): Truth {
  let sum = 0;
  let unknown = false;
  for (const term of terms) {
    if (term.kind === "rows") sum += term.rows;
    else {
      const value = term.kind === "literal" ? values.literal(term.literal) : values.parameter(term.parameter);
      if (value === null) unknown = true;
      else if (value.kind !== "number" || !/^\d{1,15}(\.0*)?$/.test(value.text)) return "no";
      else sum += Number(value.text);
    }
  }
  if (sum > max) return "no";
  return unknown ? "unknown" : "yes";
}

function sameValue(a: StatementValue, b: StatementValue): boolean {
  if (a.kind === "number" && b.kind === "number") {
    const number = exactNumber(a);
    return a.text === b.text || (number !== null && number === exactNumber(b));
  }
  return a.kind === "string" && b.kind === "string" && a.text === b.text;
}

function truth(condition: Condition, values: Values): Truth {
  if (condition.kind === "limit") return limitTruth(condition.terms, condition.max, values);
  const value = condition.kind === "text" ? values.parameter(condition.parameter) : values.literal(condition.literal);
  if (value === null) return "unknown";
  if (condition.kind === "text") return value.kind === "string" || value.kind === "null" ? "yes" : "no";
  const holds = condition.kind === "exact" ? sameValue(value, condition.value) : fitsDomain(value, condition.domain);
  return holds ? "yes" : "no";
}

function hold(conditions: readonly Condition[], values: Values, unknownHolds: boolean): boolean {
  for (const condition of conditions) {
    const result = truth(condition, values);
    if (result === "no" || (result === "unknown" && !unknownHolds)) return false;
  }
  return true;
}

function verdict(rule: CompiledRule, reason: string): Verdict {
  return { effect: rule.effect, policy: rule.policy, rule: rule.name, reason };
}

/**
 * The effect for one execution. With unknown values (a statement being prepared) the answer is what the best values could give:
 * `deny` then means that no execution can pass. Every execution is decided again with its values.
 */
export function decide(plan: Plan, values: Values): Verdict {
  for (const { rule, conditions } of plan.denies) {
    if (hold(conditions, values, false)) return verdict(rule, `rule "${rule.name}" denies it`);
  }
  for (const { rule, conditions } of plan.steps) {
    if (!hold(conditions, values, true)) continue;
    if (rule.effect === "allow" && plan.review !== null && plan.review.order < rule.order) {
      return verdict(plan.review, `rule "${plan.review.name}" asks for a review of what it touches`);
    }
    return verdict(
      rule,
      rule.effect === "allow" ? `rule "${rule.name}" allows it` : `rule "${rule.name}" asks for a review`,
    );
  }
  return plan.otherwise;
}

export interface RuleExplanation {
  readonly policy: string;
  readonly rule: string;
  readonly effect: CompiledRule["effect"];
  /** matched: the rule covers (or, for deny, touches) this execution. decided: and it is the one that gave the effect. */
  readonly matched: boolean;
  readonly decided: boolean;
  readonly lacks: readonly Lack[];
}

/** For each rule why it matched or what exactly it lacked, values included. */
export function explain(plan: Plan, values: Values): readonly RuleExplanation[] {
  const result = decide(plan, values);
  return plan.matches.map(({ rule, match }) => {
    const failed = match.conditions.filter((condition) => truth(condition, values) === "no").map(conditionLack);
    const lacks = [...match.lacks, ...failed];
    const matched = (rule.effect === "deny" ? match.touches : match.covers) && failed.length === 0;
    return {
      policy: rule.policy,
      rule: rule.name,
      effect: rule.effect,
      matched,
      decided: result.rule === rule.name && result.policy === rule.policy,
      lacks: matched ? [] : lacks,
    };
  });
}

function conditionLack(condition: Condition): Lack {
  switch (condition.kind) {
    case "limit":
      return { kind: "limit_exceeded", max: condition.max };
    case "text":
      return { kind: "pin_type", column: condition.column };
    case "exact":
      return { kind: "value", position: condition.position, domain: null };
    case "domain":
      return { kind: "value", position: condition.position, domain: condition.domain };
    default:
      return condition satisfies never;
  }
}

/**
 * What to tell the client of a denied statement to do: the rule that came closest (fewest lacks) and what it lacked.
 * Null when no rule is about statements like this at all.
 */
export function nearestRule(explanations: readonly RuleExplanation[]): string | null {
  const candidates = explanations.filter(
    (one) =>
      one.effect !== "deny" &&
      one.lacks.length > 0 &&
      !one.lacks.some((lack) => lack.kind === "statement" || lack.kind === "template"),
  );
  const nearest = candidates.sort((a, b) => a.lacks.length - b.lacks.length)[0];
  if (nearest === undefined) return null;
  return `rule "${nearest.rule}" would ${nearest.effect === "allow" ? "allow" : "review"} it, but ${nearest.lacks.map(describeLack).slice(0, 3).join("; ")}`;
}
