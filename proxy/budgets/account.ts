import { BUDGET_MEASURES, BUDGET_PERIODS, type Budget } from "@/lib/policy/budget";
import { PERIOD_MS } from "@/lib/policy/budget-window";
import { Meter, type UseKey, type WindowUse } from "./meter";
import type { TemplateRuns } from "./template-runs";

/** A budget with the place of its meter. */
export interface MeteredBudget extends Budget {
  readonly slot: number;
}

export function metered(budget: Budget): MeteredBudget {
  const slot = BUDGET_MEASURES.indexOf(budget.measure) * BUDGET_PERIODS.length + BUDGET_PERIODS.indexOf(budget.per);
  return { ...budget, slot };
}

/** What budgets look at of one statement. */
export interface CountedStatement {
  readonly templateHash: string;
  /** It reads or writes a masked column. */
  readonly masked: boolean;
}

/** The meters of one identity under one policy. Those stay when the policy is published again: only what is counted against them changes. */
export class Account {
  readonly #key: Omit<UseKey, "measure" | "per">;
  readonly #onLeft: (use: WindowUse) => void;
  readonly #meters: (Meter | undefined)[] = [];
  /** It is not the ledger's any more: whoever holds it has to ask for a new one. */
  forgotten = false;

  constructor(key: Omit<UseKey, "measure" | "per">, onLeft: (use: WindowUse) => void) {
    this.#key = key;
    this.#onLeft = onLeft;
  }

  meters(): readonly Meter[] {
    return this.#meters.filter((meter) => meter !== undefined);
  }

  meter({ slot, measure, per }: MeteredBudget): Meter {
    const known = this.#meters[slot];
    if (known !== undefined) return known;
    const made = new Meter({ ...this.#key, measure, per }, this.#onLeft);
    this.#meters[slot] = made;
    return made;
  }

  /**
   * The budget that the statement would be beyond: one that denies before one that asks for a review, and of those the one that is free
   * again last. `runs`: which templates the store knows of; without them those that several processes have counted stand for several.
   */
  exceeded(
    budgets: readonly MeteredBudget[],
    statement: CountedStatement,
    now: number,
    runs: TemplateRuns | null = null,
  ): MeteredBudget | null {
    let beyond: MeteredBudget | null = null;
    for (const budget of budgets) {
      const meter = this.meter(budget);
      if (meter.used(now) < budget.max) continue;
      if (budget.measure === "templates" && meter.hasRoomFor(statement.templateHash, budget.max, runs)) continue;
      if (budget.measure === "masked_lookups" && !statement.masked) continue;
      if (beyond === null || goesBefore(budget, beyond)) beyond = budget;
    }
    return beyond;
  }

  /** The statement goes upstream. */
  take(budgets: readonly MeteredBudget[], { templateHash, masked }: CountedStatement, now: number): void {
    for (const budget of budgets) {
      const { measure } = budget;
      if (measure === "statements") this.meter(budget).add(1, now);
      else if (measure === "templates") this.meter(budget).addTemplate(templateHash, now);
      else if (measure === "masked_lookups" && masked) this.meter(budget).add(1, now);
    }
  }

  /** Counts what was answered. */
  answered(budgets: readonly MeteredBudget[], rows: number, bytes: number, now: number): void {
    for (const budget of budgets) {
      if (budget.measure === "rows" && rows > 0) this.meter(budget).add(rows, now);
      else if (budget.measure === "bytes" && bytes > 0) this.meter(budget).add(bytes, now);
    }
  }
}

function goesBefore(one: MeteredBudget, other: MeteredBudget): boolean {
  if (one.over !== other.over) return one.over === "deny";
  return PERIOD_MS[one.per] > PERIOD_MS[other.per];
}
