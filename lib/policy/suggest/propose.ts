import type { Binding } from "../binding";
import { decide, explain, planFor } from "../plan";
import type { Policy, Rule } from "../rule";
import type { StatementContext } from "../understand";
import { apartness } from "./apart";
import { type Assessment, assessAll, rarity, reasonsOf } from "./assess";
import { compileLearned } from "./compile-learned";
import { gather, generalise } from "./generalise";
import type { LearnedIdentity } from "./learned-identity";
import type { ProposedPolicy, ProposedRule } from "./model";
import { type Candidate, type LeftOut, NEEDS_NONE, type Observations } from "./observations";
import { proposedRule } from "./proposed-rule";
import { type NamedRule, type RuleBody, type RuleDraft, statementsOf } from "./rule-body";
import { policyNameFor, ruleName } from "./rule-names";
import { commonLimit, commonPins, fitsScope, scopeRule } from "./scope-rule";
import type { Steps } from "./steps";
import { type ReadTemplate, surfaceOf } from "./surface";
import { fitsTemplate, templateRule } from "./template-rule";

export interface ProposalInput {
  /** Those that the policy is for, all that was seen of them. */
  readonly identities: readonly LearnedIdentity[];
  readonly observations: Observations;
  /** What rules are read in: the connection's default schema. */
  readonly context: StatementContext;
  /** Names of policies that there are. */
  readonly takenNames: ReadonlySet<string>;
}

/** A policy has no more rules; what was seen least is left out. */
const MOST_RULES = 2_000;
/** Nor are its templates longer than this together, in characters: a store takes a result in one packet, and a person has to read it. */
const MOST_TEXT = 1_000_000;
/** Risky templates of one kind: one question to a person instead of many. */
const GATHERED = 3;
/** Rule of three: where nothing else was seen among so many, less than one statement in a thousand is of another kind. */
const ENOUGH_STATEMENTS = 3_000;

/**
 * The smallest policy that covers what was seen. Its rules come in this order: those that allow, then those that ask for a review, as an
 * earlier review would win over a later allow. What nothing covers is denied where a machine's proposal allows all that it did, nothing of it was
 * rare, and there was enough of it; else it is reviewed: a good identity's next new statement should meet a person, not a wall.
 * An identity that is set apart is allowed nothing without a review; metadata, and what was not seen, is denied. In steps: of
 * tens of thousands of templates it takes seconds.
 */
export function* propose(input: ProposalInput): Steps<ProposedPolicy> {
  const { observations, context } = input;
  const assessed = yield* assessAll([...observations.candidates.values()], context.catalogue);
  const written = writable(yield* draftRules(assessed, input), observations);
  const named = yield* nameRules(written);
  const apart = apartness(observations, assessed);
  const checked = (yield* refuseRefused(named, observations)).map((one) => setApart(one, apart));
  const rules: ProposedRule[] = [];
  for (const one of checked) {
    rules.push(proposedRule(one, input.identities));
    yield;
  }
  const policy = policyOf(rules, apart, input);
  const covered = checked
    .filter(({ rule }) => rule.effect === "allow")
    .reduce((sum, { draft }) => sum + statementsOf(draft), 0);
  yield* leaveExplained(policy, observations);
  leavePrepared(observations);
  const ruled = needingRules(observations);
  return {
    identities: input.identities.map(({ id, name }) => ({ id, name })),
    policy,
    rules,
    statements: observations.statements,
    allowedShare: ruled === 0 ? 0 : covered / ruled,
    surface: surfaceOf(policy.rules, context, readLearned(observations)),
    apart,
    leftOut: observations.leftOut(),
  };
}

function* draftRules(assessed: ReadonlyMap<Candidate, Assessment>, input: ProposalInput): Steps<RuleDraft[]> {
  const { context, observations } = input;
  const allSessions = observations.sessions.size;
  const all = [...assessed.keys()];
  const [risky, harmless]: [Candidate[], Candidate[]] = [[], []];
  for (const one of all) {
    (isRisky(one, assessed) ? risky : harmless).push(one);
    yield;
  }
  const found = yield* generalise(harmless, context.catalogue);
  // A family whose rule would let something risky pass is none: its members stand alone.
  const scopes: RuleBody[] = [];
  for (const body of found.scopes) if (!(yield* letsPass(body, risky, observations))) scopes.push(body);
  const members = found.scopes.filter((one) => !scopes.includes(one)).flatMap((one) => one.candidates);
  const drafts: RuleDraft[] = scopes.map((body) => withAssessment(body, assessed, null));
  const toReview = [...risky];
  for (const one of [...found.alone, ...members]) {
    yield;
    const rare = rarity(one.statements, one.sessions.size, allSessions);
    const body = fitsTemplate(one) ? templateRule(one) : isBounded(one) ? scopeRule([one], context.catalogue) : null;
    if (rare !== null || body === null) toReview.push(one);
    else drafts.push(withAssessment(body, assessed, null));
  }
  const gathered = yield* gather(toReview, context.catalogue, GATHERED);
  for (const body of gathered.scopes) drafts.push(withAssessment(body, assessed, allSessions));
  for (const one of gathered.alone) {
    yield;
    const body = fitsTemplate(one) ? templateRule(one) : fitsScope(one) ? scopeRule([one], context.catalogue) : null;
    if (body !== null) drafts.push(withAssessment(body, assessed, allSessions));
    else leave(one, observations, "no_rule");
  }
  return drafts;
}

function isRisky(one: Candidate, assessed: ReadonlyMap<Candidate, Assessment>): boolean {
  const assessment = assessed.get(one);
  return assessment !== undefined && reasonsOf([assessment]).risks.length > 0;
}

function* letsPass({ body }: RuleBody, risky: readonly Candidate[], observations: Observations): Steps<boolean> {
  const set = compileLearned([{ name: "learned", effect: "allow", ...body }], observations);
  for (const { sample } of risky) {
    yield;
    if (sample !== null && decide(planFor(set, sample.form.subject), sample.values).effect === "allow") return true;
  }
  return false;
}

/** A scope rule of it would hold something back. */
function isBounded(one: Candidate): boolean {
  return fitsScope(one) && (commonPins([one]).length > 0 || commonLimit([one]) !== null);
}

/** `allSessions`: also say what was rare; null: its members are no accident together. */
function withAssessment(
  body: RuleBody,
  assessed: ReadonlyMap<Candidate, Assessment>,
  allSessions: number | null,
): RuleDraft {
  const { risks, notes } = reasonsOf(body.candidates.flatMap((one) => assessed.get(one) ?? []));
  const shown = risks.slice(0, MOST_REASONS);
  if (allSessions !== null) {
    const sessions = new Set(body.candidates.flatMap((one) => [...one.sessions])).size;
    const why = rarity(statementsOf(body), sessions, allSessions);
    if (why !== null) shown.push({ risk: "rare", why });
    else if (shown.length === 0) shown.push({ risk: "rare", why: rareTogether(body) });
  }
  return { ...body, risks: shown, notes: notes.slice(0, MOST_REASONS) };
}

const MOST_REASONS = 10;

function rareTogether({ candidates }: RuleBody): string {
  return candidates.length > 1
    ? `each of its ${candidates.length} templates was seen only once or twice, or by one session`
    : "nothing narrower than its tables and columns could be written for it, and it has no LIMIT and pins no column";
}

function leave(one: Candidate, observations: Observations, why: LeftOut): void {
  observations.leaveMore(why, one.form.text, one.statements, one.form.templateHash);
}

/** The most frequent first; what is beyond what a policy can hold is left out. */
function writable(drafts: readonly RuleDraft[], observations: Observations): RuleDraft[] {
  const order = (one: RuleDraft) => (one.risks.length > 0 ? 1 : 0);
  const kept: RuleDraft[] = [];
  let text = 0;
  for (const one of [...drafts].sort((a, b) => statementsOf(b) - statementsOf(a))) {
    const length = one.body.template?.length ?? 0;
    if (kept.length < MOST_RULES && text + length <= MOST_TEXT) {
      kept.push(one);
      text += length;
    } else for (const candidate of one.candidates) leave(candidate, observations, "too_many");
  }
  return kept.sort((a, b) => order(a) - order(b));
}

function* nameRules(drafts: readonly RuleDraft[]): Steps<NamedRule[]> {
  const rules: Rule[] = [];
  const named: NamedRule[] = [];
  for (const draft of drafts) {
    const name = ruleName(draft, rules);
    const rule: Rule = { name, effect: draft.risks.length > 0 ? "review" : "allow", ...draft.body };
    rules.push(rule);
    named.push({ rule, draft });
    yield;
  }
  return named;
}

/** What was refused when it came is not let in by a rule that was learned from other statements. */
function* refuseRefused(named: readonly NamedRule[], observations: Observations): Steps<NamedRule[]> {
  const set = compileLearned(
    named.map((one) => one.rule),
    observations,
  );
  const covering = new Map<string, string>();
  for (const { subject, values, sql } of observations.refused.values()) {
    yield;
    for (const { rule, effect, matched } of explain(planFor(set, subject), values))
      if (matched && effect === "allow") covering.set(rule, sql);
  }
  return named.map((one) => {
    const sql = covering.get(one.rule.name);
    return sql === undefined ? one : toReview(one, "refused", `it would cover what was refused: ${sql.slice(0, 200)}`);
  });
}

function setApart(named: NamedRule, apart: string | null): NamedRule {
  return apart === null || named.rule.effect === "review"
    ? named
    : toReview(named, "apart", "its identity is set apart");
}

function toReview({ rule, draft }: NamedRule, risk: ProposedRule["risks"][number]["risk"], why: string): NamedRule {
  return { rule: { ...rule, effect: "review" }, draft: { ...draft, risks: [...draft.risks, { risk, why }] } };
}

function policyOf(rules: readonly ProposedRule[], apart: string | null, input: ProposalInput): Policy {
  const { identities, observations, takenNames } = input;
  const [first] = identities;
  const ordered = [...rules].sort((a, b) => Number(a.rule.effect === "review") - Number(b.rule.effect === "review"));
  const complete =
    rules.length > 0 &&
    rules.every((one) => one.rule.effect === "allow") &&
    identities.every((one) => one.kind === "machine") &&
    [...observations.candidates.values()].every((one) => rarity(one.statements, 2, 0) === null) &&
    needingRules(observations) >= ENOUGH_STATEMENTS;
  return {
    name: policyNameFor(
      identities.length === 1 ? (first?.name ?? "") : `${first?.name ?? "nobody"} and others`,
      takenNames,
    ),
    identities: bindingsOf(identities),
    metadata: observations.metadata && apart === null ? "allow" : "deny",
    default: apart !== null || complete ? "deny" : "review",
    rules: ordered.map((one) => one.rule),
  };
}

/** Machines by their client, people by their subject. */
function bindingsOf(identities: readonly LearnedIdentity[]): Binding[] {
  const bindings = identities.map(
    ({ kind, clientId, subject }): Binding =>
      kind === "machine" && clientId !== null ? { client_id: clientId } : { subject },
  );
  return [...new Map(bindings.map((one) => [JSON.stringify(one), one])).values()];
}

/** Templates as they were read when they were learned. */
function readLearned({ candidates }: Observations): ReadTemplate {
  const forms = new Map([...candidates.values()].filter(fitsTemplate).map(({ form }) => [form.text, form]));
  return (template) => forms.get(template) ?? null;
}

/** EXPLAIN is let in with what it explains. */
function* leaveExplained(policy: Policy, observations: Observations): Steps<void> {
  if (observations.explained.size === 0) return;
  const set = compileLearned(policy.rules, observations);
  for (const [hash, { subject, statements, example }] of observations.explained) {
    yield;
    if (!planFor(set, subject).matches.some(({ match }) => match.covers))
      observations.leaveMore("no_rule", example, statements, hash);
  }
}

/** Preparing is let in with executing. */
function leavePrepared(observations: Observations): void {
  for (const [hash, { key, statements, example }] of observations.prepared) {
    if (!observations.candidates.has(key)) observations.leaveMore("prepared_only", example, statements, hash);
  }
}

/** Statements that do something with tables: not housekeeping, metadata, EXPLAIN and preparing. */
function needingRules({ statements, left, explained, prepared }: Observations): number {
  const free = [...NEEDS_NONE].map((why) => left.get(why)?.statements ?? 0);
  const more = [...explained.values(), ...prepared.values()].map((one) => one.statements);
  return [...free, ...more].reduce((rest, one) => rest - one, statements);
}
