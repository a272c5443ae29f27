import { ATTACK_FAMILIES, type AttackOutcome, type AttackResult, type FamilyScore, type OutcomeCounts } from "./model";

/** What nothing got through: the only outcomes that count. */
export const holds = (outcome: AttackOutcome): boolean => outcome === "stopped" || outcome === "harmless";

/** In percent with one decimal, rounded down: 100 means all. Nothing to attack is no success. */
export function scoreOf(attacks: readonly Pick<AttackResult, "outcome">[]): number {
  const held = attacks.filter((one) => holds(one.outcome)).length;
  return attacks.length === 0 ? 0 : Math.floor((held / attacks.length) * 1000) / 10;
}

export function countsOf(attacks: readonly Pick<AttackResult, "outcome">[]): OutcomeCounts {
  const counts = { stopped: 0, harmless: 0, setting: 0, failed: 0, untried: 0 };
  for (const { outcome } of attacks) counts[outcome] += 1;
  return counts;
}

export function familiesOf(attacks: readonly AttackResult[]): readonly FamilyScore[] {
  return ATTACK_FAMILIES.flatMap((family) => {
    const own = attacks.filter((one) => one.family === family);
    return own.length === 0
      ? []
      : [{ family, attacks: own.length, held: own.filter((one) => holds(one.outcome)).length }];
  });
}
