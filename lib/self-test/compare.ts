import type { AttackResult, SelfTestResult } from "./model";
import { holds } from "./score";

export interface Comparison {
  /** Got through now, and did not before, or was not tried then. */
  readonly newlyFailing: readonly AttackResult[];
  /** Got through before, and is stopped or harmless now. */
  readonly mended: readonly AttackResult[];
}

type Attacks = Pick<SelfTestResult, "attacks">;

/** What is different from an earlier run; attacks are the same by their ids. */
export function compareRuns(now: Attacks, before: Attacks): Comparison {
  const earlier = new Map(before.attacks.map((one) => [one.id, one.outcome]));
  const through = (outcome: AttackResult["outcome"]) => outcome === "failed" || outcome === "setting";
  return {
    newlyFailing: now.attacks.filter(({ id, outcome }) => {
      const was = earlier.get(id);
      return through(outcome) && (was === undefined || !through(was));
    }),
    mended: now.attacks.filter(({ id, outcome }) => {
      const was = earlier.get(id);
      return holds(outcome) && was !== undefined && through(was);
    }),
  };
}
