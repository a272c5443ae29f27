import { differences } from "@/lib/connections/differences";
import type { PolicyContent } from "../policy-columns";
import { EFFECTS, type Rule } from "../rule";
import { limitsLoosen } from "./limits-loosen";

type Content = PolicyContent & { readonly name: string };

/**
 * Whether a changed policy can neither let a statement run nor show a value that it held back before, whatever is sent: rules that allow
 * were removed or hold for less, effects became stricter, denials were added, fewer identities are bound to rules that all allow. False
 * where that is not sure. `before` null: a new policy.
 */
export function policyOnlyNarrows(before: Content | null, after: Content): boolean {
  if (after.identities.length === 0 && (before === null || before.identities.length === 0)) return true;
  if (before === null) return false;
  return (
    // Policies stand in the order of their names, and an earlier rule wins.
    before.name === after.name &&
    !limitsLoosen(before, after) &&
    notLooser(before.metadata, after.metadata, ["allow", "deny"]) &&
    notLooser(before.default, after.default, ["review", "deny"]) &&
    bindingsOnlyNarrow(before, after) &&
    rulesOnlyNarrow(before.rules, after.rules)
  );
}

/** The same for a policy that goes: with it go its denials and the reviews that it asks for. */
export function removalOnlyNarrows(before: PolicyContent): boolean {
  return before.identities.length === 0 || onlyAllows(before);
}

const onlyAllows = (one: PolicyContent) =>
  one.budgets === undefined && one.sudden === undefined && one.rules.every((rule) => rule.effect === "allow");

/** Later in the list is stricter. */
function notLooser<T>(before: T, after: T, strictness: readonly T[]): boolean {
  return strictness.indexOf(after) >= strictness.indexOf(before);
}

function bindingsOnlyNarrow(before: Content, after: Content): boolean {
  const had = before.identities.map((one) => JSON.stringify(one));
  const has = after.identities.map((one) => JSON.stringify(one));
  if (has.some((one) => !had.includes(one))) return false;
  // Who is no longer bound keeps what other policies allow, without the denials of this one.
  return had.every((one) => has.includes(one)) || onlyAllows(before);
}

/** Denials win wherever they stand; of the others, those that stay must be in their order, and none that asks for review may go. */
function rulesOnlyNarrow(before: readonly Rule[], after: readonly Rule[]): boolean {
  const denials = after.filter((rule) => rule.effect === "deny");
  const denied = (rule: Rule) => denials.some((one) => sameScope(rule, one));
  if (!before.every((rule) => rule.effect !== "deny" || denied(rule))) return false;
  let at = 0;
  const had = before.filter((rule) => rule.effect !== "deny");
  for (const rule of after.filter((one) => one.effect !== "deny")) {
    for (;;) {
      const old = had[at];
      if (old === undefined) return false;
      at += 1;
      if (coversNoMore(old, rule)) break;
      if (old.effect === "review" && !denied(old)) return false;
    }
  }
  return had.slice(at).every((rule) => rule.effect === "allow" || denied(rule));
}

function coversNoMore(before: Rule, after: Rule): boolean {
  if (!notLooser(before.effect, after.effect, EFFECTS)) return false;
  const { max_limit: had, ...old } = before;
  const { max_limit: has, ...now } = after;
  if (!sameScope(old, now)) return false;
  if (had === has) return true;
  return before.effect === "allow" && has !== undefined && (had === undefined || has < had);
}

function sameScope({ name: _, effect: __, ...a }: Rule, { name: ___, effect: ____, ...b }: Rule): boolean {
  return differences(a, b).length === 0;
}
