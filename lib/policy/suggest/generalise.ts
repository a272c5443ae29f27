import type { Catalogue } from "@/lib/sql/catalogue";
import { groupOf } from "@/lib/sql/taxonomy";
import { tableKey } from "../compile";
import { columnName } from "../lack";
import { LOOKUP_ROWS, MANY_ROWS, RARE } from "./assess";
import { heldPins } from "./held-pins";
import type { Candidate } from "./observations";
import type { RuleBody } from "./rule-body";
import { commonLimit, fitsScope, scopeRule, statementsFor } from "./scope-rule";
import type { Steps } from "./steps";

/** From so many templates on, the next one is more likely another variant than something else. */
const MANY_TEMPLATES = 4;
/** Of updates by key: there each column is a decision of its own. */
const MANY_UPDATES = 9;
/** A column that fewer statements touch is no part of what a rule is about. */
const SUPPORT = RARE;

export interface Generalised {
  readonly scopes: readonly RuleBody[];
  /** Those that stand alone. */
  readonly alone: readonly Candidate[];
}

/**
 * Finds the templates that are variants of one thing (same class, same tables, and all of them pin the same column, or have a LIMIT), and
 * makes a scope rule of each such family. A family is bounded by what all of its members share, and grants no column that only a template seen once or
 * twice touches. Two templates that each recur stay as they are: two template rules are narrower.
 */
export function* generalise(candidates: readonly Candidate[], catalogue: Catalogue): Steps<Generalised> {
  const scopes: RuleBody[] = [];
  const alone: Candidate[] = candidates.filter((one) => !fitsScope(one));
  for (const group of yield* groups(candidates)) {
    yield;
    const [first] = group;
    if (first === undefined) continue;
    // A LIMIT is no bound of what was only looked up: the list of it is not what was seen.
    const isListed = (one: Candidate) => withinLimit(one) && !touchesMasked(one);
    const limited = group.filter(isListed);
    const others = group.filter((one) => !isListed(one));
    const families =
      first.form.class === "insert"
        ? [group]
        : groupOf(first.form.class) === "read"
          ? [limited, ...(yield* byPin(others)).flatMap(lookupsApart)]
          : yield* byPin(group);
    const left = new Set(group);
    for (const family of families) {
      const supported = yield* withSupport(family);
      if (!isFamily(supported)) continue;
      yield;
      scopes.push(scopeRule(supported, catalogue));
      for (const one of supported) left.delete(one);
    }
    alone.push(...left);
  }
  return { scopes, alone };
}

/** One rule for what has to be looked at anyway, where there is much of it: per class and tables. */
export function* gather(candidates: readonly Candidate[], catalogue: Catalogue, least: number): Steps<Generalised> {
  const scopes: RuleBody[] = [];
  const alone: Candidate[] = candidates.filter((one) => !fitsScope(one));
  for (const group of yield* groups(candidates)) {
    yield;
    if (group.length >= least) scopes.push(scopeRule(group, catalogue));
    else alone.push(...group);
  }
  return { scopes, alone };
}

/** By what a rule must name and tables, those that a scope rule can stand for. */
function* groups(candidates: readonly Candidate[]): Steps<Candidate[][]> {
  const found = new Map<string, Candidate[]>();
  for (const one of candidates) {
    yield;
    if (!fitsScope(one)) continue;
    const key = [statementsFor(one).join(" "), ...one.form.tables.map(tableKey).sort()].join("\n");
    const group = found.get(key);
    if (group === undefined) found.set(key, [one]);
    else group.push(one);
  }
  return [...found.values()];
}

const touchesMasked = ({ masking }: Candidate) => masking.columns.length > 0;

/** Parts look-ups of masked columns from what answers with more rows than look-ups do. */
function lookupsApart(family: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const masked = family.filter(touchesMasked);
  const plain = family.filter((one) => !touchesMasked(one));
  return plain.some((one) => one.mostRows > LOOKUP_ROWS) ? [masked, plain] : [family];
}

function withinLimit(candidate: Candidate): boolean {
  const limit = commonLimit([candidate]);
  return limit !== null && limit <= MANY_ROWS;
}

/** Parts them by the pinned column that most of them share, then the rest again; those without a pin are in no part. */
function* byPin(candidates: readonly Candidate[]): Steps<Candidate[][]> {
  const pins = new Map<Candidate, readonly string[]>();
  for (const one of candidates) {
    pins.set(one, heldPins(one));
    yield;
  }
  const parts: Candidate[][] = [];
  for (;;) {
    const counts = new Map<string, number>();
    for (const pin of [...pins.values()].flat()) counts.set(pin, (counts.get(pin) ?? 0) + 1);
    const [best] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (best === undefined) return parts;
    const part = [...pins].flatMap(([one, held]) => (held.includes(best[0]) ? [one] : []));
    for (const one of part) pins.delete(one);
    parts.push(part);
    yield;
  }
}

/** Those of which every column is touched by statements enough. */
function* withSupport(family: readonly Candidate[]): Steps<readonly Candidate[]> {
  const support = new Map<string, number>();
  for (const { form, statements } of family) {
    for (const column of form.columns)
      support.set(columnName(column), (support.get(columnName(column)) ?? 0) + statements);
    yield;
  }
  const kept = family.filter((one) =>
    one.form.columns.every((column) => (support.get(columnName(column)) ?? 0) >= SUPPORT),
  );
  return kept.length === family.length ? kept : yield* withSupport(kept);
}

/** Whether the members are likely to have siblings that were not seen. */
function isFamily(members: readonly Candidate[]): boolean {
  if (members.length < 2) return false;
  if (members[0]?.form.class === "update" || members[0]?.form.class === "delete") return members.length >= MANY_UPDATES;
  if (members.length >= MANY_TEMPLATES || members.some((one) => one.statements < RARE)) return true;
  return new Set(members.map((one) => collapsed(one.form.key))).size < members.length;
}

/** The shape with lists of values of any length written alike. */
function collapsed(key: string): string {
  return key
    .replaceAll(/\? (?:, \? )+/g, "? ")
    .replaceAll(/\? , (?=\?)/g, "")
    .replaceAll(/\( [?, ]+ \)(?: , \( [?, ]+ \))+/g, "( ? )");
}
