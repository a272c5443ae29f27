import type { BudgetPeriod } from "./budget";

/** How long a window is, in milliseconds. The epoch begins with a minute, an hour and a day, and so does each of their multiples. */
export const PERIOD_MS: Readonly<Record<BudgetPeriod, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** When the window that `at` lies in began, by UTC's clock; both in epoch milliseconds. */
export function windowStart(per: BudgetPeriod, at: number): number {
  const length = PERIOD_MS[per];
  return Math.floor(at / length) * length;
}

/** When the window that `at` lies in ends, and the next one begins. */
export function windowEnd(per: BudgetPeriod, at: number): number {
  return windowStart(per, at) + PERIOD_MS[per];
}
