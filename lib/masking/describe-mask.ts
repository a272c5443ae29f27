import { differences } from "@/lib/connections/differences";
import { shownValue } from "@/lib/policy/policy-diff";
import type { Mask } from "./mask";

/** What a mask does in one line, e.g. `partial, keep_last 4; predicates equality; exempt fraud-team`. Settings that deny go without saying. */
export function describeMask(mask: Omit<Mask, "column">): string {
  const options = Object.entries(mask.options).map(([key, value]) => `${key} ${shownValue(value)}`);
  return [
    [mask.method, ...options].join(", "),
    ...(mask.predicates === "deny" ? [] : [`predicates ${mask.predicates}`]),
    ...(mask.derived === "deny" ? [] : [`derived ${mask.derived}`]),
    ...(mask.join_class === undefined ? [] : [`join_class ${mask.join_class}`]),
    ...(mask.exempt.length === 0 ? [] : [`exempt ${mask.exempt.join(", ")}`]),
  ].join("; ");
}

/** What differs between two states of a mask, one line for each field. */
export function describeMaskChange(before: Mask, after: Mask): string[] {
  return differences(before, after).map(
    ({ field, before: was, after: is }) => `${field}: ${shownValue(was)} -> ${shownValue(is)}`,
  );
}
