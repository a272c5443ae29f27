import type { z } from "zod";
import { connectionName } from "@/lib/connections/model";
import { explainIssues } from "../file/explain-issues";
import { policy, type Rule } from "../rule";

/** One policy as the console edits it: its entry of the configuration file. */
export const policyDraft = policy.extend({ connection: connectionName });
export type PolicyDraft = z.output<typeof policyDraft>;

/** Something wrong at one place of a draft. `path` as zod gives it, e.g. ["rules", 0, "tables", 1]. */
export interface DraftProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a new policy starts as: it binds nobody and allows nothing. */
export function emptyDraft(connection: string): PolicyDraft {
  return { name: "", connection, identities: [], metadata: "allow", default: "deny", rules: [] };
}

/** What a new rule starts as: reading, of nothing in particular yet. */
export function emptyRule(name: string): Rule {
  return { name, effect: "allow", statements: ["select"] };
}

/** A name no rule of the list has, from `wanted`: "reads", "reads 2", ... */
export function freeRuleName(wanted: string, rules: readonly Rule[]): string {
  const taken = new Set(rules.map((rule) => rule.name));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted.slice(0, 58)} ${n}`;
    if (!taken.has(name)) return name;
  }
}

/** The rule without keys that say nothing: undefined values and empty lists. */
export function compactRule(rule: Rule): Rule {
  const kept = Object.entries(rule).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept) as Rule;
}

/** The draft with its rules compact, and without keys that say nothing: what is compared, written to the file view and saved. */
export function compactDraft({ budgets = [], sudden, ...draft }: PolicyDraft): PolicyDraft {
  return {
    ...draft,
    rules: draft.rules.map(compactRule),
    ...(budgets.length === 0 ? {} : { budgets }),
    ...(sudden === undefined ? {} : { sudden }),
  };
}

/** Everything that is wrong with the draft, each at its field; empty when it may be saved. */
export function draftProblems(draft: PolicyDraft): DraftProblem[] {
  const compact = compactDraft(draft);
  const result = policyDraft.safeParse(compact);
  return result.success
    ? duplicateBindings(compact)
    : explainIssues(result.error, policyDraft, compact).flatMap(oneOfName);
}

/** An empty name breaks two rules of the schema; a person needs to hear one thing. */
function oneOfName(problem: DraftProblem, _at: number, all: readonly DraftProblem[]): DraftProblem[] {
  if (problem.path.at(-1) !== "name") return [problem];
  const same = all.filter((one) => one.path.join() === problem.path.join());
  if (same.length < 2) return [problem];
  return same[0] === problem ? [{ path: problem.path, message: "a name is needed" }] : [];
}

function duplicateBindings(draft: PolicyDraft): DraftProblem[] {
  const texts = draft.identities.map((one) => JSON.stringify(one));
  return texts.flatMap((text, at) =>
    texts.indexOf(text) === at ? [] : [{ path: ["identities", at], message: "this identity stands here twice" }],
  );
}
