import { type Difference, differences } from "@/lib/connections/differences";
import type { Binding } from "./binding";
import type { PolicyContent } from "./policy-columns";
import type { Rule } from "./rule";
import { watchDifferences } from "./watch-differences";

/** One difference between two states of a policy: structured for drawing, `describePolicyDifference` for text. */
export type PolicyDifference =
  | { readonly kind: "binding added" | "binding removed"; readonly binding: Binding }
  | { readonly kind: "bindings reordered" }
  | {
      readonly kind: "setting";
      /** Metadata, default, a budget, sudden behaviour. */
      readonly name: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: "rule added" | "rule removed"; readonly rule: Rule }
  | { readonly kind: "rule changed"; readonly name: string; readonly fields: readonly Difference[] }
  /** The rules that both states have stand in another order; `order` is the new one, of all rules. */
  | { readonly kind: "rules reordered"; readonly order: readonly string[] };

const MAX_SHOWN = 120;

export function bindingText(one: Binding): string {
  return Object.entries(one)
    .map(([key, value]) => `${key} ${value}`)
    .join();
}

/** A value of a file in one line, cut to a readable length. */
export function shownValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.includes("-----BEGIN")) return "(certificate)";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/** A rule in one line, e.g. `allow select on shop.orders`. */
export function describeRule(rule: Rule): string {
  const { name, effect, template, statements, tables, ...limits } = rule;
  const what = template === undefined ? (statements ?? ["any statement"]).join(", ") : `"${template}"`;
  const where = tables === undefined ? "" : ` on ${tables.join(", ")}`;
  const rest = Object.entries(limits).map(([key, value]) => `${key} ${shownValue(value)}`);
  return shownValue(`${effect} ${what}${where}${rest.length === 0 ? "" : `; ${rest.join("; ")}`}`);
}

/** What differs between two states of a policy. */
export function policyDifferences(before: PolicyContent, after: PolicyContent): PolicyDifference[] {
  return [
    ...bindingDifferences(before.identities, after.identities),
    ...settings(before, after),
    ...rules(before, after),
  ];
}

function bindingDifferences(before: readonly Binding[], after: readonly Binding[]): PolicyDifference[] {
  const had = new Set(before.map(bindingText));
  const has = new Set(after.map(bindingText));
  const found: PolicyDifference[] = [
    ...after
      .filter((one) => !had.has(bindingText(one)))
      .map((one) => ({ kind: "binding added", binding: one }) as const),
    ...before
      .filter((one) => !has.has(bindingText(one)))
      .map((one) => ({ kind: "binding removed", binding: one }) as const),
  ];
  const reordered = found.length === 0 && before.map(bindingText).join("\n") !== after.map(bindingText).join("\n");
  return reordered ? [{ kind: "bindings reordered" }] : found;
}

function settings(before: PolicyContent, after: PolicyContent): PolicyDifference[] {
  const plain = (["metadata", "default"] as const).flatMap((name) =>
    before[name] === after[name] ? [] : [{ kind: "setting", name, before: before[name], after: after[name] } as const],
  );
  const watching = watchDifferences(before, after).map(
    (one) => ({ kind: "setting", name: one.name, before: one.before ?? "none", after: one.after ?? "none" }) as const,
  );
  return [...plain, ...watching];
}

function rules(before: PolicyContent, after: PolicyContent): PolicyDifference[] {
  const had = new Map(before.rules.map((one) => [one.name, one]));
  const has = new Map(after.rules.map((one) => [one.name, one]));
  const found = after.rules.flatMap((rule): PolicyDifference[] => {
    const old = had.get(rule.name);
    if (old === undefined) return [{ kind: "rule added", rule }];
    const fields = differences(old, rule);
    return fields.length === 0 ? [] : [{ kind: "rule changed", name: rule.name, fields }];
  });
  const removed = before.rules.filter((one) => !has.has(one.name));
  const common = (list: readonly Rule[]) =>
    list.map((one) => one.name).filter((name) => had.has(name) && has.has(name));
  const reordered = common(before.rules).join("\n") !== common(after.rules).join("\n");
  return [
    ...found,
    ...removed.map((rule) => ({ kind: "rule removed", rule }) as const),
    ...(reordered ? [{ kind: "rules reordered", order: after.rules.map((one) => one.name) } as const] : []),
  ];
}

/** A difference in one line. */
export function describePolicyDifference(one: PolicyDifference): string {
  switch (one.kind) {
    case "binding added":
      return `binds ${bindingText(one.binding)}`;
    case "binding removed":
      return `no longer binds ${bindingText(one.binding)}`;
    case "bindings reordered":
      return "identities in another order";
    case "setting":
      return `${one.name}: ${one.before} -> ${one.after}`;
    case "rule added":
      return `rule "${one.rule.name}" added: ${describeRule(one.rule)}`;
    case "rule removed":
      return `rule "${one.rule.name}" removed: ${describeRule(one.rule)}`;
    case "rule changed":
      return `rule "${one.name}": ${one.fields.map(fieldText).join("; ")}`;
    case "rules reordered":
      return `rules in another order: ${one.order.join(", ")}`;
    default:
      return one satisfies never;
  }
}

function fieldText({ field, before, after }: Difference): string {
  if (before === null) return `${field} ${shownValue(after)} added`;
  if (after === null) return `${field} ${shownValue(before)} removed`;
  if (isTexts(before) && isTexts(after)) {
    const added = after.filter((one) => !before.includes(one)).map((one) => `+${one}`);
    const removed = before.filter((one) => !after.includes(one)).map((one) => `-${one}`);
    if (added.length + removed.length > 0) return `${field}: ${shownValue([...added, ...removed].join(" "))}`;
  }
  return `${field}: ${shownValue(before)} -> ${shownValue(after)}`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
