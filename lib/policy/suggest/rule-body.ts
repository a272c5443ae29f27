import type { Rule } from "../rule";
import type { ProposedRule } from "./model";
import type { Candidate } from "./observations";

/** A rule that has no name and no effect yet, and what it was made of. */
export interface RuleBody {
  readonly body: Omit<Rule, "name" | "effect">;
  readonly candidates: readonly Candidate[];
  readonly wider: readonly string[];
}

/** A rule with why it is one to allow or to review. */
export interface RuleDraft extends RuleBody, Pick<ProposedRule, "risks" | "notes"> {}

/** A rule with its name and effect. */
export interface NamedRule {
  readonly rule: Rule;
  readonly draft: RuleDraft;
}

export const statementsOf = ({ candidates }: Pick<RuleBody, "candidates">): number =>
  candidates.reduce((sum, one) => sum + one.statements, 0);
