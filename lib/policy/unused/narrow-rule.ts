import type { BaseTable } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import { STATEMENT_CLASSES } from "@/lib/sql/taxonomy";
import { compactRule } from "../draft/draft";
import { columnName, tableName } from "../lack";
import { columnPattern, exactColumnPattern, exactTablePattern, splitPattern } from "../pattern";
import type { Rule } from "../rule";
import { grantedBy, unusedOf } from "./granted";
import type { UsedScope } from "./used-scope";

/** Why a rule that grants more than was used stays as it is, each a sentence without a full stop. */
export const KEPT = {
  review: "a review that nobody needed is kept: without it a later rule could allow what it holds",
  blind: "what some of its statements need is not known any more: the tables have changed since",
  kind: "what some of its statements touch can not be told: they are known by their kind only",
  name: "a name it would have to spell out can not be written in a pattern",
} as const;

export type Narrowing =
  /** Nothing to take away. */
  | { readonly kind: "as_it_is"; readonly kept: string | null }
  | { readonly kind: "narrowed"; readonly rule: Rule }
  /** Nobody used it. */
  | { readonly kind: "removed" };

/**
 * The rule without what nobody used. It still covers every statement that it covered in the period, and nothing that it did not cover
 * before. Only rules that allow: what a deny or review loses, a later rule could win. Pure.
 */
export function narrowRule(rule: Rule, used: UsedScope, catalogue: Catalogue): Narrowing {
  if (rule.effect === "deny") return { kind: "as_it_is", kept: null };
  if (rule.effect === "review") return { kind: "as_it_is", kept: used.statements === 0 ? KEPT.review : null };
  if (used.statements === 0) return { kind: "removed" };
  const granted = grantedBy(rule, catalogue);
  if (granted === null) return { kind: "as_it_is", kept: null };
  if (used.blind) return { kind: "as_it_is", kept: KEPT.blind };
  if (used.byKind) return { kind: "as_it_is", kept: KEPT.kind };
  const unused = unusedOf(granted, used);
  const tables = unused.tables.length === 0 ? rule.tables : spelled(inOrder(used.tables).map(exactTablePattern));
  const columns = unused.columns.length === 0 ? rule.columns : spelled(columnsOf(rule, used, catalogue));
  if (tables === null || columns === null) return { kind: "as_it_is", kept: KEPT.name };
  const functions = rule.functions?.filter((name) => used.functions.has(name.toLowerCase()));
  const narrowed = compactRule({
    ...rule,
    ...(unused.verbs.length === 0 ? {} : { statements: STATEMENT_CLASSES.filter((one) => used.classes.has(one)) }),
    ...(tables === undefined ? {} : { tables }),
    // An empty list would mean all: where no column was used by name, the rule's own list stays.
    ...(columns === undefined || columns.length === 0 ? {} : { columns }),
    ...(functions === undefined ? {} : { functions }),
  });
  const same = JSON.stringify(narrowed) === JSON.stringify(compactRule(rule));
  return same ? { kind: "as_it_is", kept: null } : { kind: "narrowed", rule: narrowed };
}

/** Null when one of them can not be written. */
function spelled(patterns: readonly (string | null)[]): string[] | null {
  const texts = patterns.filter((one) => one !== null);
  return texts.length === patterns.length ? texts : null;
}

/** Used columns as patterns; a table with all of its columns as one, where the rule is for those too that it will get. */
function columnsOf(rule: Rule, used: UsedScope, catalogue: Catalogue): (string | null)[] {
  return inOrder(used.tables).flatMap((base) => {
    const all = catalogue.table(base.schema, base.table)?.columns.map((one) => one.base) ?? [];
    const mine = inOrder(used.columns).filter((one) => tableName(one) === tableName(base));
    if (mine.length === 0) return [];
    const whole =
      all.length > 0 && all.every((one) => used.columns.has(columnName(one))) && coversAnyColumn(rule, base);
    const table = exactTablePattern(base);
    return whole ? [table === null ? null : `${table}.*`] : mine.map(exactColumnPattern);
  });
}

/** Whether it covers the table's columns whatever they are called. */
function coversAnyColumn({ columns = [] }: Rule, { schema, table }: BaseTable): boolean {
  const patterns = columns.flatMap((text) => columnPattern(text) ?? []);
  const mine = patterns.filter((one) => one.table.matches({ schema, table }));
  if (mine.some((one) => one.negated)) return false;
  return patterns.every((one) => one.negated) || mine.some((one) => splitPattern(one.text)?.at(-1) === "*");
}

/** By name: the same use gives the same rule. */
function inOrder<T>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
