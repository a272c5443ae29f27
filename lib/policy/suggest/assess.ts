import type { AnalysisFlag } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import { groupOf } from "@/lib/sql/taxonomy";
import { columnName, tableName } from "../lack";
import { isHabit, OFTEN, type Recurrence, recurrences, timesInWords, WOULD_BE_HABIT } from "./habit";
import { heldPins, pinsOneRow } from "./held-pins";
import { grouped } from "./learned-domain";
import { type MaskedUse, maskedReasons } from "./masked-use";
import type { Risk } from "./model";
import type { Candidate } from "./observations";
import type { Steps } from "./steps";
import { collects, isAggregate, unboundTables } from "./unbounded-read";

/** What stands against letting something run, and what a person should know of it all the same. */
export interface Reasons {
  readonly risks: readonly { readonly risk: Risk; readonly why: string }[];
  readonly notes: readonly string[];
}

/** One template: masked columns are told of all templates of a rule together. */
export interface Assessment extends Reasons {
  readonly masked: MaskedUse | null;
}

/** More rows than these at once are many, whatever is read. */
export const MANY_ROWS = 1_000;
/** A look-up of single things. */
export const LOOKUP_ROWS = 50;
/** Seen less often than this, it may have been an accident. */
export const RARE = 3;
/** From so many sessions on, what only one of them did is an exception. */
const MANY_SESSIONS = 5;

/** Flags of writes that do more than put given values into rows of one table. */
const MORE_THAN_VALUES: readonly AnalysisFlag[] = [
  "multi_table_write",
  "subquery_in_write",
  "insert_from_query",
  "on_duplicate_key",
  "returning",
  "triggers_fire",
  "partition_selection",
];

/** What every template is assessed as. */
export function* assessAll(
  candidates: readonly Candidate[],
  catalogue: Catalogue,
): Steps<ReadonlyMap<Candidate, Assessment>> {
  const recurring = recurrences(candidates, doing);
  yield;
  const looked = new Map<string, number>();
  for (const one of candidates) {
    yield;
    if (!isLookup(one)) continue;
    for (const key of lookupsOf(one)) looked.set(key, (looked.get(key) ?? 0) + one.statements);
  }
  const lookups = (one: Candidate) => Math.min(...lookupsOf(one).map((key) => looked.get(key) ?? 0));
  const assessed = new Map<Candidate, Assessment>();
  for (const one of candidates) {
    assessed.set(one, assess(one, recurring.get(doing(one)) ?? NEVER, lookups(one), catalogue));
    yield;
  }
  return assessed;
}

const NEVER: Recurrence = { times: 0, sessions: 0, allSessions: 0, span: 0 };

const reading = ({ form }: Candidate) => [form.class, ...form.tables.map(tableName).sort()].join("\n");
/** The same class, tables and columns: with other numbers of values, in another order. */
const doing = (one: Candidate) => [reading(one), "", ...one.form.columns.map(columnName).sort()].join("\n");

/** The masked columns that it looks up in these tables. */
const lookupsOf = (one: Candidate) => one.masking.columns.map((column) => `${reading(one)}\n${column}`);

/** What is risky about letting one template run, apart from how rare it is. */
function assess(candidate: Candidate, recurrence: Recurrence, lookups: number, catalogue: Catalogue): Assessment {
  const risks: { risk: Risk; why: string }[] = [];
  const notes: string[] = [];
  const { form } = candidate;
  const group = groupOf(form.class);
  if (group === "ddl" || group === "admin" || form.class === "call") {
    const what = group === "ddl" ? "it changes the structure of the database" : "what it does is not in its tables";
    risks.push({ risk: group === "ddl" || group === "admin" ? "ddl" : "write", why: what });
  }
  if (form.analysis !== null) {
    if (group === "write" && form.class !== "call") assessWrite(candidate, recurrence, risks, notes);
    if (group === "read") assessRead(candidate, catalogue, risks, notes);
    assessReach(candidate, risks);
  }
  return { risks, notes, masked: maskedUse(candidate, lookups) };
}

/** Of all templates of one rule, each said once. */
export function reasonsOf(assessments: readonly Assessment[]): Reasons {
  const masked = maskedReasons(assessments.flatMap((one) => one.masked ?? []));
  const risks = [...assessments.flatMap((one) => one.risks), ...masked.risks];
  return {
    risks: [...new Map(risks.map((one) => [`${one.risk} ${one.why}`, one])).values()],
    notes: [...new Set([...assessments.flatMap((one) => one.notes), ...masked.notes])],
  };
}

type Found = { risk: Risk; why: string }[];

function assessWrite(candidate: Candidate, recurrence: Recurrence, risks: Found, notes: string[]): void {
  const { form, slots } = candidate;
  const flags = form.analysis?.flags;
  const table = form.tables.map(tableName).join(", ");
  if (flags?.has("write_without_where") === true) {
    risks.push({ risk: "no_where", why: `it has no WHERE: it ${form.class}s every row of ${table}` });
    return;
  }
  const plain = !MORE_THAN_VALUES.some((flag) => flags?.has(flag) === true) && form.tables.length === 1;
  const known = slots.every((one) => one.unknown === 0);
  const bounded = plain && known && (form.class === "insert" || (form.class === "update" && pinsOneRow(candidate)));
  const verb = flags?.has("on_duplicate_key") === true ? "adds and changes" : (VERB[form.class] ?? "changes");
  const changes = `it ${verb} rows of ${table}`;
  if (!bounded) risks.push({ risk: "write", why: changes });
  else if (!isHabit(recurrence)) {
    const rest = recurrence.times < RARE ? "" : `, and did so ${timesInWords(recurrence)}: ${WOULD_BE_HABIT}`;
    risks.push({ risk: "write", why: `${changes}${rest}` });
  } else if (form.class === "update") {
    notes.push(`it changes one row of ${table} at a time, by its key, and recurs: ${timesInWords(recurrence)}`);
  } else {
    notes.push(
      `it added rows of given values to ${table}, changed none that were there, and recurs: ${timesInWords(recurrence)}`,
    );
  }
}

const VERB: Readonly<Partial<Record<string, string>>> = {
  insert: "adds",
  replace: "replaces",
  update: "changes",
  delete: "deletes",
};

function assessRead(candidate: Candidate, catalogue: Catalogue, risks: Found, notes: string[]): void {
  const { form, mostRows, slots } = candidate;
  const wide = (why: string) => risks.push({ risk: "wide_read", why });
  const table = form.tables.map(tableName).join(", ");
  const limit = limitOf(candidate);
  const unbound = unboundTables(candidate);
  const offset = Math.max(0, ...form.slots.map((slot, at) => (slot.role === "offset" ? highest(slots[at]) : 0)));
  if (mostRows > MANY_ROWS) wide(`it answered with up to ${grouped(mostRows)} rows at once`);
  else if (limit !== null && limit > MANY_ROWS) wide(`its LIMIT goes up to ${grouped(limit)}`);
  else if (offset > MANY_ROWS) wide(`it pages through ${table}: its OFFSET goes up to ${grouped(offset)}`);
  else if (form.tables.length > 0 && heldPins(candidate).length === 0 && collects(candidate)) {
    wide(`it puts all that it finds in ${table} into one value`);
  } else if (unbound.length > 0 && limit === null && !isAggregate(candidate, catalogue)) {
    wide(
      `it reads ${unbound.map(tableName).join(", ")} without a LIMIT, and no condition says which single value of a column`,
    );
  }
  if (form.analysis?.flags.has("locking_read") === true) notes.push(`it locks the rows that it reads`);
}

/** The highest LIMIT seen; null: none, or one that is not known or not written as a number. */
export function limitOf({ form, forms, slots }: Candidate): number | null {
  if (form.limit === null || forms.some((one) => one.limit === null)) return null;
  const terms = form.limit.map((slot) => slots[slot]);
  if (terms.some((one) => one === undefined || one.unknown > 0 || !one.numbers || !one.fits("integer"))) return null;
  return terms.reduce((sum, one) => sum + highest(one), 0);
}

function highest(slot: Candidate["slots"][number] | undefined): number {
  const number = Number(slot?.highest?.text ?? 0);
  return Number.isFinite(number) ? number : 0;
}

function assessReach({ form }: Candidate, risks: Found): void {
  const { functions, flags } = form.analysis ?? { functions: [], flags: new Set<AnalysisFlag>() };
  const unknown = functions.filter((one) => one.effect !== "pure").map((one) => one.name);
  if (unknown.length > 0)
    risks.push({ risk: "function", why: `what ${[...new Set(unknown)].join(", ")} does is not known` });
  if (flags.has("into_file")) risks.push({ risk: "write", why: "it writes its result into a file on the server" });
  if (flags.has("into_variable") || flags.has("user_variable"))
    risks.push({ risk: "function", why: "it uses variables of the session, whose values can come from anywhere" });
  if (flags.has("temporary_table")) risks.push({ risk: "ddl", why: "it makes a temporary table" });
}

/** It looks up single things, and shows masked columns only as their masks do. */
function isLookup(one: Candidate): boolean {
  return one.masking.onlyHidden && heldPins(one).length > 0 && one.mostRows <= LOOKUP_ROWS && !walks(one);
}

/** It goes through rows by their numbers. */
function walks({ form, slots }: Candidate): boolean {
  return slots.some((one, at) => form.slots[at]?.identifies === true && one.count >= RARE && one.steps * 2 > one.count);
}

function maskedUse(candidate: Candidate, lookups: number): MaskedUse | null {
  const { columns, onlyHidden } = candidate.masking;
  if (columns.length === 0) return null;
  const how = !onlyHidden
    ? "in_clear"
    : walks(candidate)
      ? "walked"
      : isLookup(candidate) && lookups >= OFTEN
        ? "looked_up"
        : "hidden";
  return { how, columns, lookups };
}

/** Why what was seen so rarely may have been an accident; null: it was not rare. */
export function rarity(statements: number, sessions: number, allSessions: number): string | null {
  if (statements < RARE) return statements === 1 ? "it was seen once" : `it was seen ${statements} times`;
  return sessions === 1 && allSessions >= MANY_SESSIONS ? `only one of ${allSessions} sessions did it` : null;
}
