import type { Budget, BudgetMeasure, BudgetPeriod, SuddenBehaviour } from "./budget";

/** What a budget counts, for people; the first word in one, the second in many. */
const MEASURE_WORDS: Readonly<Record<BudgetMeasure, readonly [string, string]>> = {
  statements: ["statement", "statements"],
  rows: ["row", "rows"],
  bytes: ["byte", "bytes"],
  templates: ["template", "different templates"],
  masked_lookups: ["masked-column lookup", "masked-column lookups"],
};

const PERIOD_WORDS: Readonly<Record<BudgetPeriod, string>> = { minute: "a minute", hour: "an hour", day: "a day" };

export function measureWords(measure: BudgetMeasure, count = 2): string {
  return MEASURE_WORDS[measure][count === 1 ? 0 : 1];
}

/** e.g. `1000 rows an hour`. */
export function budgetWords({ measure, per, max }: Pick<Budget, "measure" | "per" | "max">): string {
  return `${max} ${measureWords(measure, max)} ${PERIOD_WORDS[per]}`;
}

/** One line of a difference or a summary. */
export function budgetLine(budget: Budget): string {
  return `${budgetWords(budget)}, then ${budget.over}`;
}

/** What happens beyond a budget that is used up. `enforced`: false where the connection only observes. */
export function usedUpWords(over: Budget["over"], enforced: boolean): string {
  return `used up: more ${enforced ? "is" : "would be"} ${over === "deny" ? "denied" : "reviewed"}`;
}

/** What is done about behaviour that is new, one line each. */
export function suddenLines(sudden: SuddenBehaviour): string[] {
  const lines = [
    sudden.new_template === "review" ? "new templates are reviewed" : null,
    sudden.new_table === "review" ? "new tables are reviewed" : null,
    sudden.rows_factor === undefined ? null : `${sudden.rows_factor} times the usual rows are reviewed`,
  ].filter((line) => line !== null);
  return lines.length === 0
    ? ["nothing new is reviewed"]
    : [...lines, `usual is what was seen in ${daysWords(sudden.days)}`];
}

export const daysWords = (days: number) => (days === 1 ? "the last day" : `the last ${days} days`);

/** The end of a window on UTC's clock, e.g. `14:00 UTC`. */
export function clockWords(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}
