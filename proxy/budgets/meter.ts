import type { BudgetMeasure, BudgetPeriod } from "@/lib/policy/budget";
import { windowEnd, windowStart } from "@/lib/policy/budget-window";
import type { TemplateRuns } from "./template-runs";

/** Templates that one window remembers: an observed connection lets any number through, and a budget may be as large. */
export const MAX_TEMPLATES = 50_000;

const NONE: ReadonlySet<string> = new Set();

/** Whose use of what is counted. */
export interface UseKey {
  readonly connectionId: string;
  readonly policyName: string;
  readonly identityId: string;
  readonly measure: BudgetMeasure;
  readonly per: BudgetPeriod;
}

/** What one window has used, or has used in addition. */
export interface WindowUse extends UseKey {
  /** Epoch milliseconds. */
  readonly windowAt: number;
  readonly used: number;
}

/** One text for each window, in the order of the store's keys. */
export function windowKey({ connectionId, policyName, identityId, measure, per, windowAt }: WindowUse): string {
  return [connectionId, policyName, identityId, measure, per, windowAt].join("\u0000");
}

/** What is on its way to the store. */
export interface Sending {
  readonly meter: Meter;
  readonly use: WindowUse;
}

/**
 * Counts one measure for one identity in the window of the moment. What is known: the store's total as of the last exchange with it, and
 * what this process has counted since. A window that ends leaves what the store does not have yet to `onLeft`.
 */
export class Meter {
  readonly key: UseKey;
  readonly #onLeft: (use: WindowUse) => void;
  startsAt = 0;
  endsAt = 0;
  /** Epoch milliseconds of the last look at it. */
  lookedAt = 0;
  /** That the budget is used up has been told in this window, by this process. */
  told = false;
  /** Templates that this process has counted in this window. */
  #templates: Set<string> | null = null;
  #stored = 0;
  #sending = 0;
  #unsent = 0;
  /** How often the store was told. */
  #tellings = 0;

  constructor(key: UseKey, onLeft: (use: WindowUse) => void) {
    this.key = key;
    this.#onLeft = onLeft;
  }

  /** Known to be used in the window of `now`. */
  used(now: number): number {
    this.#at(now);
    return this.#stored + this.#sending + this.#unsent;
  }

  add(count: number, now: number): void {
    this.#at(now);
    this.#unsent += count;
  }

  /** Although as many as `max` are counted: it has run in this window, or fewer different ones have, by what the store and this process know. */
  hasRoomFor(template: string, max: number, runs: TemplateRuns | null): boolean {
    const own = this.#templates ?? NONE;
    if (own.has(template)) return true;
    if (runs === null) return false;
    if (runs.hasRunSince(template, this.startsAt)) return true;
    return own.size < MAX_TEMPLATES && own.size + runs.countBeside((one) => own.has(one), this.startsAt) < max;
  }

  /**
   * Each process counts those that are new to it: what several gateways see, or one that was started again, counts more than once; so
   * does what there is no room to remember. The sum is never too small: where it is too large, names are looked at (`hasRoomFor`).
   */
  addTemplate(template: string, now: number): void {
    this.#at(now);
    this.#templates ??= new Set();
    if (this.#templates.has(template)) return;
    if (this.#templates.size < MAX_TEMPLATES) this.#templates.add(template);
    this.#unsent += 1;
  }

  /** Nothing is to be told, or on its way. */
  get idle(): boolean {
    return this.#unsent === 0 && this.#sending === 0;
  }

  /** What the store has to be told now; null: nothing. */
  send(): Sending | null {
    if (this.#unsent === 0 || this.#sending !== 0) return null;
    this.#sending = this.#unsent;
    this.#unsent = 0;
    this.#tellings += 1;
    return { meter: this, use: { ...this.key, windowAt: this.startsAt, used: this.#sending } };
  }

  /** The store has taken it. */
  sent({ windowAt, used }: WindowUse): void {
    if (windowAt !== this.startsAt) return;
    this.#sending = 0;
    this.#stored += used;
  }

  /** The store may not have taken it: it is told again. */
  notSent(use: WindowUse): void {
    if (use.windowAt !== this.startsAt) {
      this.#onLeft(use);
      return;
    }
    this.#unsent += this.#sending;
    this.#sending = 0;
  }

  /** When the store's total is asked for, to be given back with the answer; null: counts are on their way to it. */
  get asked(): number | null {
    return this.#sending === 0 ? this.#tellings : null;
  }

  /** The store's total of a window, of all gateways. One that was asked for while it was told something may have that or not. */
  stored({ windowAt, used }: WindowUse, asked: number | null): void {
    if (windowAt === this.startsAt && asked !== null && asked === this.asked) this.#stored = used;
  }

  /** A clock that is set back comes to an earlier window: its total is the store's again. */
  #at(now: number): void {
    this.lookedAt = now;
    if (now < this.endsAt && now >= this.startsAt) return;
    if (this.#unsent > 0) this.#onLeft({ ...this.key, windowAt: this.startsAt, used: this.#unsent });
    this.startsAt = windowStart(this.key.per, now);
    this.endsAt = windowEnd(this.key.per, now);
    this.told = false;
    this.#templates = null;
    this.#stored = 0;
    this.#sending = 0;
    this.#unsent = 0;
  }
}
