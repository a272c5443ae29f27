import type { Binding } from "../binding";
import type { Rule } from "../rule";
import { watchDifferences } from "../watch-differences";
import { describeRule } from "./describe-rule";
import { compactDraft, type PolicyDraft } from "./draft";

export type ChangeKind = "added" | "removed" | "changed" | "moved";

/** One difference between two states of a policy, in words. `details`: what stood there before and what stands there now. */
export interface PolicyChange {
  readonly kind: ChangeKind;
  readonly text: string;
  readonly details: readonly string[];
}

/** What saving `after` would change, in the order a person reads it: settings, who, rules. `before` null: everything is new. */
export function policyChanges(before: PolicyDraft | null, after: PolicyDraft): PolicyChange[] {
  const next = compactDraft(after);
  if (before === null) {
    return [
      {
        kind: "added",
        text: `Policy "${next.name}" on ${next.connection}`,
        details: [defaultWords(next.default), metadataWords(next.metadata)],
      },
      ...bindingChanges([], next.identities),
      ...watchChanges({}, next),
      ...ruleChanges([], next.rules),
    ];
  }
  const last = compactDraft(before);
  const settings: PolicyChange[] = [];
  if (last.name !== next.name) settings.push(changed("Name", `"${last.name}"`, `"${next.name}"`));
  if (last.connection !== next.connection) settings.push(changed("Connection", last.connection, next.connection));
  if (last.default !== next.default) {
    settings.push(changed("What no rule covers", defaultWords(last.default), defaultWords(next.default)));
  }
  if (last.metadata !== next.metadata) {
    settings.push(changed("Metadata", metadataWords(last.metadata), metadataWords(next.metadata)));
  }
  return [
    ...settings,
    ...bindingChanges(last.identities, next.identities),
    ...watchChanges(last, next),
    ...ruleChanges(last.rules, next.rules),
  ];
}

const defaultWords = (value: PolicyDraft["default"]) =>
  value === "deny" ? "what no rule covers is denied" : "what no rule covers waits for a person";
const metadataWords = (value: PolicyDraft["metadata"]) =>
  value === "allow" ? "metadata of tables in scope may be read" : "metadata may not be read";

function changed(what: string, from: string, to: string): PolicyChange {
  return { kind: "changed", text: what, details: [`before: ${from}`, `now: ${to}`] };
}

function watchChanges(
  before: Pick<PolicyDraft, "budgets" | "sudden">,
  after: Pick<PolicyDraft, "budgets" | "sudden">,
): PolicyChange[] {
  return watchDifferences(before, after).map(({ name, before: was, after: is }): PolicyChange => {
    const text = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    if (was === null) return { kind: "added", text, details: is === null ? [] : [is] };
    return is === null ? { kind: "removed", text, details: [was] } : changed(text, was, is);
  });
}

function bindingWords(one: Binding): string {
  const [[kind, value] = ["", ""]] = Object.entries(one);
  return `${kind} ${value}`;
}

function bindingChanges(before: readonly Binding[], after: readonly Binding[]): PolicyChange[] {
  const key = (one: Binding) => JSON.stringify(one);
  const had = new Set(before.map(key));
  const has = new Set(after.map(key));
  return [
    ...after
      .filter((one) => !had.has(key(one)))
      .map((one): PolicyChange => ({ kind: "added", text: `Binds ${bindingWords(one)}`, details: [] })),
    ...before
      .filter((one) => !has.has(key(one)))
      .map((one): PolicyChange => ({ kind: "removed", text: `No longer binds ${bindingWords(one)}`, details: [] })),
  ];
}

const content = ({ name: _, ...rest }: Rule) =>
  JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): PolicyChange[] {
  const old = new Map(before.map((rule) => [rule.name, rule]));
  const kept = new Set(after.map((rule) => rule.name).filter((name) => old.has(name)));
  const gone = before.filter((rule) => !kept.has(rule.name));
  const changes: PolicyChange[] = [];
  /** By their names before, in the order they stand now. */
  const order: string[] = [];
  for (const rule of after) {
    const same = old.get(rule.name);
    if (same !== undefined) {
      order.push(rule.name);
      if (content(same) !== content(rule)) {
        const details = [`before: ${describeRule(same)}`, `now: ${describeRule(rule)}`];
        changes.push({
          kind: "changed",
          text: `Rule "${rule.name}"`,
          details: [...details, ...templateDetails(same, rule)],
        });
      }
      continue;
    }
    const renamed = gone.findIndex((one) => content(one) === content(rule));
    const [from] = renamed < 0 ? [] : gone.splice(renamed, 1);
    if (from === undefined) {
      changes.push({ kind: "added", text: `Rule "${rule.name}"`, details: [describeRule(rule)] });
    } else {
      order.push(from.name);
      changes.push({ kind: "changed", text: `Rule "${from.name}" is called "${rule.name}" now`, details: [] });
    }
  }
  for (const rule of gone)
    changes.push({ kind: "removed", text: `Rule "${rule.name}"`, details: [describeRule(rule)] });
  return [...changes, ...moves(before, order)];
}

function templateDetails(before: Rule, after: Rule): string[] {
  return before.template === after.template
    ? []
    : [`template before: ${before.template ?? "none"}`, `template now: ${after.template ?? "none"}`];
}

/** The fewest rules that were moved: those outside of the longest run that kept its order. */
function moves(before: readonly Rule[], order: readonly string[]): PolicyChange[] {
  const at = new Map(before.map((rule, index) => [rule.name, index]));
  const stayed = longestRising(order.map((name) => at.get(name) ?? 0));
  return order.flatMap((name, index): PolicyChange[] => {
    if (stayed.has(index)) return [];
    const previous = order[index - 1];
    const where = previous === undefined ? "is first now" : `stands after "${previous}" now`;
    return [{ kind: "moved", text: `Rule "${name}" ${where}`, details: [] }];
  });
}

/** Positions of one longest strictly rising run; quadratic, for lists of at most a few thousand. */
function longestRising(values: readonly number[]): ReadonlySet<number> {
  const length: number[] = [];
  const previous: number[] = [];
  let last = -1;
  values.forEach((value, index) => {
    length[index] = 1;
    previous[index] = -1;
    for (let i = 0; i < index; i += 1) {
      if ((values[i] ?? 0) < value && (length[i] ?? 0) + 1 > (length[index] ?? 0)) {
        length[index] = (length[i] ?? 0) + 1;
        previous[index] = i;
      }
    }
    if (last < 0 || (length[index] ?? 0) > (length[last] ?? 0)) last = index;
  });
  const run = new Set<number>();
  for (let i = last; i >= 0; i = previous[i] ?? -1) run.add(i);
  return run;
}
