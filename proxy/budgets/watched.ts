import type { SuddenBehaviour } from "@/lib/policy/budget";
import type { Verdict } from "@/lib/policy/plan";
import type { Policy } from "@/lib/policy/rule";
import { type MeteredBudget, metered } from "./account";

/** What a policy says about how much and how new, ready to be looked at. */
export interface WatchedPolicy {
  readonly name: string;
  readonly budgets: readonly MeteredBudget[];
  readonly sudden: SuddenBehaviour | null;
  /** Something of it can make a statement wait for a person. */
  readonly mayHold: boolean;
}

export type WatchedPolicies = ReadonlyMap<string, WatchedPolicy>;

/** The policies that watch; null where none does, which is all that others pay. */
export function watchedPolicies(policies: readonly Policy[]): WatchedPolicies | null {
  const watched = policies.flatMap(({ name, budgets = [], sudden }): WatchedPolicy[] => {
    const looksForNew =
      sudden !== undefined &&
      (sudden.new_template === "review" || sudden.new_table === "review" || sudden.rows_factor !== undefined);
    if (budgets.length === 0 && !looksForNew) return [];
    const mayHold = looksForNew || budgets.some((one) => one.over === "review");
    return [{ name, budgets: budgets.map(metered), sudden: looksForNew ? sudden : null, mayHold }];
  });
  return watched.length === 0 ? null : new Map(watched.map((one) => [one.name, one]));
}

/**
 * The policy that a verdict counts against: the one whose rule gave it, or whose default asks for a review. Housekeeping and metadata
 * count against none, and neither does what is denied.
 */
export function watchedBy(policies: WatchedPolicies | null, verdict: Verdict): WatchedPolicy | null {
  if (policies === null || verdict.policy === null || verdict.effect === "deny") return null;
  if (verdict.rule === null && verdict.effect !== "review") return null;
  return policies.get(verdict.policy) ?? null;
}
