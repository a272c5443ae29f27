import { freeRuleName } from "../draft/draft";
import type { Rule } from "../rule";
import type { RuleBody } from "./rule-body";

const LONGEST = 64;

/** What people would call the rule: what it does with which tables, and by what. Free among `taken`. */
export function ruleName({ body, candidates }: RuleBody, taken: readonly Rule[]): string {
  const form = candidates[0]?.form;
  const verb = form?.class === "select" ? "read" : (form?.class ?? "run").replaceAll("_", " ");
  const tables = [...new Set((form?.tables ?? []).map((one) => one.table))].join(", ");
  const pins = body.where ?? (body.template === undefined ? [] : (form?.pins ?? []).map((one) => one.name));
  const by = [...new Set(pins.map((one) => one.split(".").at(-1)?.replaceAll("`", "")))].join(", ");
  const wanted = [verb, tables, by === "" ? "" : `by ${by}`].filter((one) => one !== "").join(" ");
  return freeRuleName(clean(wanted), taken);
}

/** `orders-agent (learned)`, or with a number where that is taken. */
export function policyNameFor(who: string, taken: ReadonlySet<string>): string {
  const suffix = " (learned)";
  const base = clean(who.slice(0, LONGEST - suffix.length - 4)) || "policy";
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}${suffix}` : `${base} (learned ${n})`;
    if (!taken.has(name)) return name;
  }
}

/** Without control characters and space at the ends, and no longer than a name may be. */
function clean(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST)
    .trim();
}
