import type { ConnectionRef } from "@/lib/connections/names-of";
import { PERIOD_MS } from "@/lib/policy/budget-window";
import { answered } from "../answered";
import { History } from "./history";
import type { UsageStore } from "./usage-store";

/** What the store said is looked at again after so long. */
const REFRESH_MS = 10 * 60_000;
/** Before something is held as new, what is known must not be older than this. */
const FRESH_MS = 5_000;
/** Identities that did nothing for so long are forgotten. */
const FORGET_MS = 2 * PERIOD_MS.hour;

/** The history of one identity, and how much of it is known. */
export class KnownHistory {
  readonly history: History;
  readonly #read: (days: number) => Promise<void>;
  #days = 0;
  /** When what is known was read, and when that was last tried; epoch milliseconds. */
  #readAt: number | null = null;
  #triedAt: number | null = null;
  #reading: Promise<void> | null = null;
  lookedAt: number;

  constructor(store: Pick<UsageStore, "history">, connection: ConnectionRef, identityId: string, now: () => number) {
    this.lookedAt = now();
    this.history = new History(this.lookedAt);
    this.#read = async (days) => {
      const at = now();
      this.#triedAt = at;
      const since = new Date(at - days * PERIOD_MS.day).toISOString().slice(0, 10);
      this.history.load(await answered(store.history(connection, identityId, since)));
      this.#readAt = at;
      this.#days = days;
    };
  }

  get loaded(): boolean {
    return this.#readAt !== null;
  }

  /** Reads it again, once at a time. Never rejects: what is known stays. */
  load(days: number): Promise<void> {
    this.#reading ??= this.#read(Math.max(days, this.#days))
      .catch(() => undefined)
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  /** What to wait for before something counts as new; null: what is known is fresh, or can not be had now. */
  freshen(days: number, now: number): Promise<void> | null {
    if (this.#reading !== null) return this.#reading;
    const tried = this.#triedAt !== null && now - this.#triedAt < FRESH_MS;
    const failed = this.#readAt !== this.#triedAt;
    return tried && (failed || days <= this.#days) ? null : this.load(days);
  }

  /** Whether it is time to look again. */
  due(now: number): boolean {
    return this.#triedAt !== null && now - this.#triedAt >= REFRESH_MS && now - this.lookedAt < REFRESH_MS;
  }

  get days(): number {
    return this.#days;
  }
}

/** Histories of the identities that this process serves. */
export class Histories {
  readonly #store: Pick<UsageStore, "history">;
  readonly #now: () => number;
  readonly #known = new Map<string, KnownHistory>();

  constructor(store: Pick<UsageStore, "history">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  of(connection: ConnectionRef, identityId: string): KnownHistory {
    const key = `${connection.id} ${identityId}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = new KnownHistory(this.#store, connection, identityId, this.#now);
      this.#known.set(key, known);
    }
    known.lookedAt = this.#now();
    return known;
  }

  /** Looks again at what is in use, and forgets what is not. */
  async refresh(): Promise<void> {
    const now = this.#now();
    for (const [key, known] of this.#known) {
      if (now - known.lookedAt >= FORGET_MS) this.#known.delete(key);
      else if (known.due(now)) await known.load(known.days);
    }
  }
}
