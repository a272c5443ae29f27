import type { CompiledRule } from "../compile";
import { matchRule, scopeFacts } from "../match";
import type { Subject } from "../subject";

/** A rule by its name and its policy's. */
export type RuleName = Pick<CompiledRule, "policy" | "name">;

/** Rules as they are now. */
export interface RulesNow {
  /** All of the connection. */
  readonly all: readonly CompiledRule[];
  /** Those of policies that bind the identity. */
  readonly own: readonly CompiledRule[];
}

/**
 * The rules that statements of a template use, of those that there are now. The one that let them pass, where it still does: else every one of
 * their identity's that would, as rules are renamed, cut down and taken over by others. `subject` null: what it needs is not known.
 */
export function rulesUsed(recorded: RuleName, subject: Subject | null, { all, own }: RulesNow): readonly RuleName[] {
  const named = all.find((one) => one.policy === recorded.policy && one.name === recorded.name);
  if (subject === null) return named === undefined ? [] : [named];
  const facts = scopeFacts(subject);
  const concerns = (one: CompiledRule) => {
    const { covers, touches } = matchRule(one, subject, facts);
    return one.effect === "deny" ? touches : covers;
  };
  if (named !== undefined && concerns(named)) return [named];
  return own.filter((one) => one.effect !== "deny" && concerns(one));
}
