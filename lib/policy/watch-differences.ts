import type { Budget, BudgetMeasure, BudgetPeriod } from "./budget";
import { budgetLine, measureWords, suddenLines } from "./budget-words";
import type { PolicyContent } from "./policy-columns";

type Watching = Pick<PolicyContent, "budgets" | "sudden">;

/** One thing that a policy says about how much and how new, before and after; null: nothing. */
export interface WatchDifference {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

const nameOf = (measure: BudgetMeasure, per: BudgetPeriod) => `budget of ${measureWords(measure)} per ${per}`;
const keyOf = ({ measure, per }: Budget) => nameOf(measure, per);
const suddenWords = ({ sudden }: Watching) => (sudden === undefined ? null : suddenLines(sudden).join(", "));

/** What differs between the budgets and the sudden behaviour of two states of a policy. */
export function watchDifferences(before: Watching, after: Watching): WatchDifference[] {
  const had = new Map((before.budgets ?? []).map((one) => [keyOf(one), budgetLine(one)]));
  const has = new Map((after.budgets ?? []).map((one) => [keyOf(one), budgetLine(one)]));
  const names = [...new Set([...has.keys(), ...had.keys()])];
  const found = names.map((name) => ({ name, before: had.get(name) ?? null, after: has.get(name) ?? null }));
  const order = (of: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    [...of.keys()].filter((name) => other.has(name)).join(", ");
  return [
    ...found,
    { name: "order of the budgets", before: order(had, has), after: order(has, had) },
    { name: "sudden behaviour", before: suddenWords(before), after: suddenWords(after) },
  ].filter((one) => one.before !== one.after);
}
