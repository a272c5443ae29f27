import { DOMAIN_TYPES, exactNumber, fitsDomain, type StatementValue } from "../value";

type DomainType = (typeof DOMAIN_TYPES)[number];

/** Different values that are told apart; with more of them nobody would list them. */
const MOST_KEPT = 64;
/** Characters; nobody lists longer ones, and a record is full of them. */
const LONGEST_KEPT = 200;

export interface Extreme {
  /** As it stood in the statement. */
  readonly text: string;
  readonly hits: number;
}

/** What was seen at one placeholder of a template. */
export interface SlotFacts {
  /** Values, unknown ones not counted. */
  readonly count: number;
  /** Executions of which the record does not have the value. */
  readonly unknown: number;
  readonly nulls: number;
  readonly bytes: number;
  /** All of them are written as numbers. */
  readonly numbers: boolean;
  /** All of them are written as strings, NULLs aside. */
  readonly strings: boolean;
  /** Whether every value that is neither NULL nor bytes fits the type. */
  fits(type: DomainType): boolean;
  /** With how often each was seen; null: too many, or too long. */
  readonly distinct: readonly { readonly value: StatementValue; readonly count: number }[] | null;
  /** Of numbers, else of texts by their order; null where there is none. */
  readonly lowest: Extreme | null;
  readonly highest: Extreme | null;
  /** Characters. */
  readonly longest: number;
  /** Values that are the one before plus one. */
  readonly steps: number;
}

/** Streams the values of one placeholder; keeps no more than `MOST_KEPT` of them. */
export class SlotStatistics implements SlotFacts {
  count = 0;
  unknown = 0;
  nulls = 0;
  bytes = 0;
  numbers = true;
  strings = true;
  longest = 0;
  steps = 0;
  readonly #types = new Set<DomainType>(DOMAIN_TYPES);
  readonly #values = new Map<string, { readonly value: StatementValue; count: number }>();
  #overflowed = false;
  #low: { text: string; number: number | null; hits: number } | null = null;
  #high: { text: string; number: number | null; hits: number } | null = null;
  #previous: number | null = null;

  /** Null: the record does not have it. */
  add(value: StatementValue | null): void {
    if (value === null) {
      this.unknown += 1;
      return;
    }
    this.count += 1;
    const text = value.kind === "number" || value.kind === "string" ? value.text : "";
    const key = `${value.kind}:${text}`;
    const known = this.#values.get(key);
    if (known !== undefined) known.count += 1;
    else this.#addNew(key, value);
    if (value.kind === "null") this.nulls += 1;
    else if (value.kind === "bytes") this.bytes += 1;
    else this.#order(value);
  }

  fits(type: DomainType): boolean {
    return this.#types.has(type);
  }

  get distinct(): SlotFacts["distinct"] {
    return this.#overflowed ? null : [...this.#values.values()];
  }

  get lowest(): Extreme | null {
    return this.#low;
  }

  get highest(): Extreme | null {
    return this.#high;
  }

  #addNew(key: string, value: StatementValue): void {
    if (value.kind === "bytes") this.numbers = this.strings = false;
    else if (value.kind !== "null") {
      if (value.kind === "number") this.strings = false;
      else this.numbers = false;
      for (const type of this.#types) if (!fitsDomain(value, { type })) this.#types.delete(type);
      this.longest = Math.max(this.longest, [...value.text].length);
    } else this.numbers = false;
    if (this.#overflowed) return;
    this.#values.set(key, { value, count: 1 });
    if (this.#values.size > MOST_KEPT || key.length > LONGEST_KEPT) {
      this.#overflowed = true;
      this.#values.clear();
    }
  }

  #order(value: Extract<StatementValue, { readonly text: string }>): void {
    const number = exactNumber(value);
    if (number !== null && this.#previous !== null && number === this.#previous + 1) this.steps += 1;
    this.#previous = number;
    const here = { text: value.text, number };
    const toLow = this.#low === null ? -1 : compare(here, this.#low);
    if (this.#low !== null && toLow === 0) this.#low.hits += 1;
    else if (toLow < 0) this.#low = { ...here, hits: 1 };
    const toHigh = this.#high === null ? 1 : compare(here, this.#high);
    if (this.#high !== null && toHigh === 0) this.#high.hits += 1;
    else if (toHigh > 0) this.#high = { ...here, hits: 1 };
  }
}

interface Ordered {
  readonly text: string;
  readonly number: number | null;
}

/** Also those that are too long to be exact as a number, as keys are in some databases. */
const INTEGER = /^-?\d{1,20}$/;

function compare(a: Ordered, b: Ordered): number {
  if (a.number !== null && b.number !== null) return a.number - b.number;
  if (INTEGER.test(a.text) && INTEGER.test(b.text)) {
    const [left, right] = [BigInt(a.text), BigInt(b.text)];
    return left < right ? -1 : Number(left > right);
  }
  return a.text < b.text ? -1 : Number(a.text > b.text);
}
