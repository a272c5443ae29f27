import { type Budget, OVER_BUDGET_EFFECTS, type SuddenBehaviour } from "../budget";
import type { PolicyContent } from "../policy-columns";

type Limits = Pick<PolicyContent, "identities" | "budgets" | "sudden">;

/**
 * Whether other limits let those whom the policy binds use more, or do more that is new without anybody being asked: a budget is gone,
 * grew, or is reviewed where it was denied, or something new is no longer reviewed. No impact shows that: it depends on what was used before.
 */
export function limitsLoosen(before: Limits, after: Limits): boolean {
  if (before.identities.length === 0) return false;
  const kept = (one: Budget) => after.budgets?.some((other) => limitsAsMuch(one, other)) === true;
  return before.budgets?.every(kept) === false || suddenLoosens(before.sudden, after.sudden);
}

function limitsAsMuch(old: Budget, one: Budget): boolean {
  if (old.measure !== one.measure || old.per !== one.per || one.max > old.max) return false;
  return OVER_BUDGET_EFFECTS.indexOf(one.over) <= OVER_BUDGET_EFFECTS.indexOf(old.over);
}

function suddenLoosens(before: SuddenBehaviour | undefined, after: SuddenBehaviour | undefined): boolean {
  if (before === undefined) return false;
  const { new_template: template, new_table: table, rows_factor: factor = Number.POSITIVE_INFINITY, days } = before;
  if (template === "review" && after?.new_template !== "review") return true;
  if (table === "review" && after?.new_table !== "review") return true;
  if ((after?.rows_factor ?? Number.POSITIVE_INFINITY) > factor) return true;
  // Who looks further back finds less that is new, and other rows to be usual.
  const reviews = template === "review" || table === "review" || Number.isFinite(factor);
  return reviews && after?.days !== days;
}
