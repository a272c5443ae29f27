import { SallyportError } from "@/lib/errors/error";
import type { Budget } from "@/lib/policy/budget";
import { windowEnd } from "@/lib/policy/budget-window";
import { budgetWords, clockWords } from "@/lib/policy/budget-words";

/** Why a statement is stopped, for the record: without times, as the record is counted by it. */
export function exceededReason(budget: Budget): string {
  return `over its budget of ${budgetWords(budget)}`;
}

/** The same for the reviewer and for who waits. */
export function exceededNow(budget: Budget, now: number): string {
  return `${exceededReason(budget)}, which is free again at ${clockWords(windowEnd(budget.per, now))}`;
}

/** LIMIT_EXCEEDED before a statement runs. */
export function exceededError(budget: Budget, policy: string, now: number): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", `The budget of the policy ${policy} is used up: ${budgetWords(budget)}`, {
    next: `Use less, or try again after ${clockWords(windowEnd(budget.per, now))}`,
  });
}

/** LIMIT_EXCEEDED in the middle of an answer. */
export function cutError(budget: Budget, policy: string, now: number): SallyportError {
  const after = clockWords(windowEnd(budget.per, now));
  return new SallyportError(
    "LIMIT_EXCEEDED",
    `The answer goes beyond the budget of the policy ${policy}: ${budgetWords(budget)}`,
    {
      next:
        budget.over === "deny"
          ? `Ask for less, for example with LIMIT, or try again after ${after}`
          : `Send it again to have a person review it, or try again after ${after}`,
    },
  );
}
