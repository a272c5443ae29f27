import { z } from "zod";
import { compactRule, freeRuleName, type PolicyDraft } from "../draft/draft";
import { type Policy, type Rule, rule } from "../rule";
import type { ProposedPolicy, ProposedRule } from "./model";

/** What a person says to a proposed rule. */
export const CHOICES = ["allow", "review", "leave"] as const;
export type Choice = (typeof CHOICES)[number];

/**
 * What a person made of one proposed policy, as far as it differs from the proposal. Rules are named by their place in it. `wanted`: whether
 * there is to be a policy at all; left out: unless it is set apart.
 */
export const proposalReview = z.strictObject({
  wanted: z.boolean().optional(),
  choices: z.record(z.string(), z.enum(CHOICES)),
  edits: z.record(z.string(), rule),
});
export type ProposalReview = z.output<typeof proposalReview>;

/** Of a proposed policy, what a draft is made of. */
export interface LearnedPolicy {
  readonly policy: Policy;
  readonly rules: readonly Pick<ProposedRule, "rule">[];
}

export const UNTOUCHED: ProposalReview = { choices: {}, edits: {} };

/** Whether the policy is to be had at all. */
export const isWanted = ({ apart }: Pick<ProposedPolicy, "apart">, review: ProposalReview): boolean =>
  review.wanted ?? apart === null;

/** The effect it was proposed with. */
export const proposedChoice = (proposed: Pick<ProposedRule, "rule">): Exclude<Choice, "leave"> =>
  proposed.rule.effect === "allow" ? "allow" : "review";

/** What is chosen for the rule at this place. */
export const choiceOf = (proposed: Pick<ProposedRule, "rule">, at: number, review: ProposalReview): Choice =>
  review.choices[at] ?? proposedChoice(proposed);

/** The rule at this place as it would go into the policy, and as it is shown: edited, with the chosen effect. */
export function reviewedRule(proposed: Pick<ProposedRule, "rule">, at: number, review: ProposalReview): Rule {
  const choice = choiceOf(proposed, at, review);
  const edited = review.edits[at] ?? proposed.rule;
  return { ...edited, effect: choice === "leave" ? proposedChoice(proposed) : choice };
}

/** Chooses for one rule; choosing what was proposed leaves no trace. */
export function withChoice(
  proposed: Pick<ProposedRule, "rule">,
  at: number,
  review: ProposalReview,
  choice: Choice,
): ProposalReview {
  const { [at]: _, ...others } = review.choices;
  return { ...review, choices: choice === proposedChoice(proposed) ? others : { ...others, [at]: choice } };
}

/** Takes an edited rule, and with it the effect that was chosen while editing; null goes back to the proposed one. */
export function withEdit(
  proposed: Pick<ProposedRule, "rule">,
  at: number,
  review: ProposalReview,
  edited: Rule | null,
): ProposalReview {
  const { [at]: _, ...edits } = review.edits;
  if (edited === null) return { ...review, edits };
  const next = { ...review, edits: { ...edits, [at]: edited } };
  return withChoice(proposed, at, next, edited.effect === "allow" ? "allow" : "review");
}

/** The rules that are taken, in the order of the proposal, each with a name of its own. */
export function takenRules({ rules }: Pick<LearnedPolicy, "rules">, review: ProposalReview): Rule[] {
  return named(
    rules.flatMap((proposed, at) =>
      choiceOf(proposed, at, review) === "leave" ? [] : [reviewedRule(proposed, at, review)],
    ),
    [],
  );
}

/** The rules under names that none of them and none of the others has. */
function named(rules: readonly Rule[], others: readonly Rule[]): Rule[] {
  const all = [...others];
  for (const one of rules) all.push({ ...one, name: freeRuleName(one.name, all) });
  return all.slice(others.length);
}

/** The draft for the editor: a new policy. What allows stands first, as a review in front of it would win over it. */
export function learnedDraft(proposal: LearnedPolicy, connection: string, review: ProposalReview): PolicyDraft {
  const { allowing, others } = byEffect(takenRules(proposal, review));
  return { ...proposal.policy, connection, rules: [...allowing, ...others] };
}

/**
 * The draft for the editor: what is taken, added to a policy that there is, for everybody whom either binds. Allowing rules go in front of
 * its first review; the rest to the end. What it says already, under whatever name, is not added again.
 */
export function mergedDraft(stored: PolicyDraft, proposal: LearnedPolicy, review: ProposalReview): PolicyDraft {
  const said = new Set(stored.rules.map(nameless));
  const added = named(
    takenRules(proposal, review).filter((one) => !said.has(nameless(one))),
    stored.rules,
  );
  const { allowing, others } = byEffect(added);
  const first = stored.rules.findIndex((one) => one.effect === "review");
  const at = first < 0 ? stored.rules.length : first;
  const { policy } = proposal;
  const identities = new Map([...stored.identities, ...policy.identities].map((one) => [JSON.stringify(one), one]));
  return {
    ...stored,
    identities: [...identities.values()],
    metadata: policy.metadata === "allow" ? "allow" : stored.metadata,
    rules: [...stored.rules.toSpliced(at, 0, ...allowing), ...others],
  };
}

function byEffect(rules: readonly Rule[]): { readonly allowing: readonly Rule[]; readonly others: readonly Rule[] } {
  return {
    allowing: rules.filter((one) => one.effect === "allow"),
    others: rules.filter((one) => one.effect !== "allow"),
  };
}

function nameless(one: Rule): string {
  const { name: _, ...rest } = compactRule(one);
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is taken of a proposal. Statements are counted by what each rule was learned from, also where it was edited since. */
export interface ReviewTotal {
  readonly rules: Readonly<Record<Choice, number>>;
  readonly statements: {
    readonly allowed: number;
    readonly held: number;
    readonly notCovered: number;
    /** All of these: the statements that need a rule. */
    readonly all: number;
    /** Beside them: housekeeping and metadata, which no rule is proposed for. */
    readonly needNoRule: number;
  };
}

export function reviewTotal(
  proposal: Pick<ProposedPolicy, "rules" | "leftOut" | "statements">,
  review: ProposalReview,
): ReviewTotal {
  const rules = { allow: 0, review: 0, leave: 0 };
  const counted = { allow: 0, review: 0, leave: 0 };
  proposal.rules.forEach((proposed, at) => {
    const choice = choiceOf(proposed, at, review);
    rules[choice] += 1;
    counted[choice] += proposed.statements;
  });
  const leftOut = proposal.leftOut.reduce((sum, one) => sum + (one.needsRule ? one.statements : 0), 0);
  const notCovered = counted.leave + leftOut;
  const all = counted.allow + counted.review + notCovered;
  const needNoRule = Math.max(0, proposal.statements - all);
  return { rules, statements: { allowed: counted.allow, held: counted.review, notCovered, all, needNoRule } };
}
