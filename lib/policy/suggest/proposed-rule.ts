import type { LearnedIdentity } from "./learned-identity";
import type { LearnedTemplate, ProposedRule } from "./model";
import type { Candidate } from "./observations";

import { type NamedRule, statementsOf } from "./rule-body";

/** A rule of many templates shows the most frequent ones. */
const MOST_TEMPLATES = 50;
/** Of a template's text; the rule has it whole. */
const LONGEST_TEXT = 4_000;

/** The rule with its evidence. */
export function proposedRule({ rule, draft }: NamedRule, identities: readonly LearnedIdentity[]): ProposedRule {
  const seen = draft.candidates.flatMap((one) => [...one.templates.values()]);
  const names = new Map(identities.map((one) => [one.id, one.name]));
  const ids = new Set(seen.flatMap((one) => [...one.identities]));
  const time = (pick: (...times: number[]) => number, of: (one: (typeof seen)[number]) => Date) =>
    new Date(pick(...seen.map((one) => of(one).getTime()))).toISOString();
  return {
    rule,
    statements: statementsOf(draft),
    firstAt: time(Math.min, (one) => one.firstAt),
    lastAt: time(Math.max, (one) => one.lastAt),
    identities: [...ids].map((id) => names.get(id) ?? id).sort(),
    templates: seen
      .sort((a, b) => b.statements - a.statements)
      .slice(0, MOST_TEMPLATES)
      .map((one) => learnedTemplate(one, names)),
    wider: draft.wider,
    risks: draft.risks,
    notes: draft.notes,
  };
}

type Seen = Candidate["templates"] extends Map<string, infer One> ? One : never;

function learnedTemplate(one: Seen, names: ReadonlyMap<string, string>): LearnedTemplate {
  return {
    templateHash: one.form.templateHash,
    text: one.form.text.slice(0, LONGEST_TEXT),
    statements: one.statements,
    firstAt: one.firstAt.toISOString(),
    lastAt: one.lastAt.toISOString(),
    identities: [...one.identities].map((id) => names.get(id) ?? id).sort(),
    examples: one.examples.map((example) => ({ ...example, at: example.at.toISOString() })),
  };
}
