import { LRUCache } from "lru-cache";
import type { ConnectionRef } from "@/lib/connections/names-of";
import { answered } from "../answered";
import { MAX_TEMPLATES, type TemplateRun, type UsageStore } from "./usage-store";

/** What the store said is taken for true for so long. */
const FRESH_MS = 1_000;
/** Identities whose templates are remembered. */
const MAX_IDENTITIES = 1_000;

/** What an identity has sent on one day, as the store has it of all gateways: names where budgets have only counts. */
export class TemplateRuns {
  readonly #runs: ReadonlyMap<string, TemplateRun>;

  constructor(runs: readonly TemplateRun[]) {
    this.#runs = new Map(runs.map((run) => [run.templateHash, run]));
  }

  /** Whether it is certain to have run at that time or later. */
  hasRunSince(templateHash: string, at: number): boolean {
    return (this.#runs.get(templateHash)?.ranSince ?? 0) >= at;
  }

  /** How many were sent at that time or later beside those that are `known`. Never too few, up to what the store does not have yet. */
  countBeside(known: (templateHash: string) => boolean, at: number): number {
    let count = 0;
    for (const run of this.#runs.values()) if (run.lastAt >= at && !known(run.templateHash)) count += 1;
    // There may be more.
    return this.#runs.size < MAX_TEMPLATES ? count : Number.POSITIVE_INFINITY;
  }
}

interface Looked {
  readonly at: number;
  /** Null: the store did not tell. */
  readonly runs: TemplateRuns | null;
}

/** The templates of today by identity, asked of the store when they matter and not before. */
export class TodaysTemplates {
  readonly #store: Pick<UsageStore, "templateRuns">;
  readonly #now: () => number;
  readonly #looked = new LRUCache<string, Looked | Promise<void>>({ max: MAX_IDENTITIES });

  constructor(store: Pick<UsageStore, "templateRuns">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** A promise: to be waited for, then asked again; it does not reject. Null: the store does not tell now. */
  of(connection: ConnectionRef, identityId: string, now: number): TemplateRuns | null | Promise<void> {
    const day = new Date(now).toISOString().slice(0, 10);
    const key = `${connection.id} ${identityId} ${day}`;
    const known = this.#looked.get(key);
    if (known instanceof Promise) return known;
    if (known !== undefined && Math.abs(now - known.at) < FRESH_MS) return known.runs;
    const looking = answered(this.#store.templateRuns(connection, identityId, day))
      .then(
        (runs) => new TemplateRuns(runs),
        () => null,
      )
      .then((runs) => {
        this.#looked.set(key, { at: this.#now(), runs });
      });
    this.#looked.set(key, looking);
    return looking;
  }
}
