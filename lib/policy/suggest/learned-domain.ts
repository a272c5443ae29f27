import { exactNumber, fitsDomain, type ParameterDomain, type StatementValue } from "../value";
import type { SlotFacts } from "./slot-values";

/** What one placeholder is for. */
export interface SlotMeaning {
  /** For people: `orders.id`, `LIMIT`, `value 2`. */
  readonly label: string;
  readonly role: "limit" | "offset" | "value";
  /** It is compared with a column that tells rows apart: such values grow with the table. */
  readonly identifies: boolean;
  /** What its column holds: text that may look like numbers, numbers that may happen to be whole. Null: it is not known, or nothing of this. */
  readonly holds: "text" | "fractions" | null;
}

export interface LearnedDomain {
  readonly domain: ParameterDomain;
  /** What it takes beyond the values seen, a sentence without a full stop; null: nothing. */
  readonly wider: string | null;
}

/** A list of more values than this says nothing to a person. */
const MOST_LISTED = 20;
/** Values that tell rows apart are listed only where there are hardly any: one tenant, one shop. */
const MOST_LISTED_KEYS = 3;
const LONGEST_LISTED = 64;
const LENGTH_ROOM = 1.5;
/** Good-Turing: the share of values seen once is the chance that the next one is new. */
const MOST_UNSEEN = 0.01;
/** A few values are all there are when each was seen this often on average. */
const SEEN_EACH = 5;
/** A bound is one of the data, not of the sample, when it was hit again and again. */
const BOUND = { hits: 3, values: 30 } as const;

/** The smallest domain that takes what was seen, and what belongs to it as far as can be told. */
export function learnedDomain(facts: SlotFacts, meaning: SlotMeaning): LearnedDomain {
  const { label } = meaning;
  if (facts.unknown > 0 || facts.count === 0) {
    return { domain: { type: "any" }, wider: `any value for ${label}: values of it were not recorded` };
  }
  if (facts.bytes > 0) {
    return {
      domain: { type: "any" },
      wider: `any value for ${label}: binary values were seen, which nothing narrower takes`,
    };
  }
  if (meaning.role !== "value") return rowCount(facts, meaning);
  return listed(facts, meaning) ?? (facts.nulls > 0 ? nullable(facts, meaning) : byType(facts, meaning));
}

function rowCount(facts: SlotFacts, { label, role }: SlotMeaning): LearnedDomain {
  const most = facts.highest === null ? null : exactNumber({ kind: "string", text: facts.highest.text });
  if (most === null || facts.nulls > 0 || !facts.fits("integer")) {
    return { domain: { type: "any" }, wider: `any value for ${label}` };
  }
  if (role === "limit") {
    const only = facts.distinct?.length === 1;
    return { domain: { type: "integer", range: [0, most] }, wider: only ? null : `any LIMIT up to ${grouped(most)}` };
  }
  const ceiling = roundUp(most);
  return {
    domain: { type: "integer", range: [0, ceiling] },
    wider: `any OFFSET up to ${grouped(ceiling)}; the highest seen was ${grouped(most)}`,
  };
}

/** The values themselves, where they are few and no other is to be expected. */
function listed(facts: SlotFacts, { identifies }: SlotMeaning): LearnedDomain | null {
  const { distinct, count } = facts;
  if (distinct === null || (facts.fits("datetime") && facts.nulls < count)) return null;
  if (distinct.length > (identifies ? MOST_LISTED_KEYS : MOST_LISTED) || facts.longest > LONGEST_LISTED) return null;
  const once = distinct.filter((one) => one.count === 1).length;
  if (once / count > MOST_UNSEEN || count < (distinct.length === 1 && !identifies ? 3 : SEEN_EACH * distinct.length))
    return null;
  if (identifies && count < SEEN_EACH * 4) return null;
  const values = [...new Set(distinct.map(({ value }) => entry(value)))].sort(byValue);
  const text = facts.strings && distinct.some(({ value }) => looksLikeNumber(value));
  return { domain: { ...(text ? { type: "string" } : {}), in: values }, wider: null };
}

/** A list takes the number as well as the text that is written like it, and the number equals many other texts. */
function looksLikeNumber(value: StatementValue): boolean {
  return value.kind === "string" && fitsDomain(value, { type: "number" });
}

function entry(value: StatementValue): string | number | null {
  if (value.kind === "number") return exactNumber(value) ?? value.text;
  return value.kind === "string" ? value.text : null;
}

function byValue(a: string | number | null, b: string | number | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

/** NULL goes with a list or with any type only. */
function nullable(facts: SlotFacts, { label }: SlotMeaning): LearnedDomain {
  if (facts.nulls === facts.count) return { domain: { in: [null] }, wider: null };
  const length = roundUpLength(facts.longest);
  return {
    domain: { type: "any", max_length: length },
    wider: `NULL and any value of at most ${length} characters for ${label}`,
  };
}

function byType(facts: SlotFacts, meaning: SlotMeaning): LearnedDomain {
  const { label } = meaning;
  const seen = seenBetween(facts);
  if (facts.fits("date")) return { domain: { type: "date" }, wider: `any date for ${label}; ${seen}` };
  if (facts.fits("datetime")) return { domain: { type: "datetime" }, wider: `any date and time for ${label}; ${seen}` };
  const text = meaning.holds === "text" && facts.strings;
  return (text ? null : numeric(facts, meaning, seen)) ?? ofLength(facts, label);
}

function numeric(facts: SlotFacts, meaning: SlotMeaning, seen: string): LearnedDomain | null {
  const { label } = meaning;
  if (facts.fits("integer") && meaning.holds !== "fractions") {
    const range = boundsOf(facts, meaning);
    if (range === null) return { domain: { type: "integer" }, wider: `any whole number for ${label}; ${seen}` };
    const [low, high] = range;
    return {
      domain: { type: "integer", range },
      wider: `any whole number from ${grouped(low)} to ${grouped(high)} for ${label}`,
    };
  }
  if (facts.fits("decimal")) return { domain: { type: "decimal" }, wider: `any decimal number for ${label}; ${seen}` };
  return facts.fits("number") ? { domain: { type: "number" }, wider: `any number for ${label}; ${seen}` } : null;
}

function ofLength(facts: SlotFacts, label: string): LearnedDomain {
  const length = roundUpLength(facts.longest);
  const text = `of at most ${length} characters for ${label}; the longest seen had ${facts.longest}`;
  return facts.fits("string")
    ? { domain: { type: "string", max_length: length }, wider: `any text ${text}` }
    : { domain: { max_length: length }, wider: `any text or number ${text}` };
}

/** The ends of whole numbers, where they are no accident of the sample: all values between them are known, and both ends recur. */
function boundsOf(facts: SlotFacts, { identifies }: SlotMeaning): [number, number] | null {
  const { distinct, lowest, highest, count } = facts;
  if (identifies || distinct === null || lowest === null || highest === null || count < BOUND.values) return null;
  if (lowest.hits < BOUND.hits || highest.hits < BOUND.hits) return null;
  const numbers = distinct.map(({ value }) => exactNumber(value)).filter((one) => one !== null);
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const whole = numbers.length === distinct.length && Number.isInteger(low) && Number.isInteger(high);
  return whole && new Set(numbers).size * 2 > high - low ? [low, high] : null;
}

function seenBetween({ lowest, highest }: SlotFacts): string {
  if (lowest === null || highest === null) return "none was seen";
  if (lowest.text === highest.text) return `seen was ${shown(lowest.text)}`;
  return `seen were ${shown(lowest.text)} to ${shown(highest.text)}`;
}

const shown = (text: string) => (/^[+-]?\d{4,15}$/.test(text) ? grouped(Number(text)) : text);

/** As people write it, whatever the language of the machine. */
export function grouped(number: number): string {
  return number.toLocaleString("en-US", { maximumFractionDigits: 20 });
}

/** The next of 1, 2, 5, 10, 20, 50 ... */
function roundUp(number: number): number {
  if (number <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(number));
  return (([1, 2, 5, 10] as const).find((step) => step * unit >= number) ?? 10) * unit;
}

/** The next power of two from 16 on that leaves room: the longest text of a sample is seldom the longest there is. */
function roundUpLength(length: number): number {
  return Math.max(16, 2 ** Math.ceil(Math.log2(Math.max(1, length * LENGTH_ROOM))));
}
