import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Db } from "@/lib/db/client";
import { type GatewaySnapshot, loadSnapshot, readFeedVersion } from "@/lib/policy/snapshot";

const POLL_MS = 300;
/** A store that takes longer for one row counts as not answering. */
const ANSWER_MS = 3_000;

export interface PolicyFeedOptions {
  readonly db: Db;
  readonly log: Logger;
  /** Called after every poll that answered, with the newest snapshot; `changed` when it is a new one. A rejection repeats the change at the next poll. */
  readonly onPoll: (snapshot: GatewaySnapshot, changed: boolean) => Promise<void>;
  readonly pollMs?: number;
}

/**
 * Keeps the gateway's configuration: asks for the feed's version a few times a second, loads a new snapshot when it changed and swaps
 * it whole. While the store does not answer, the last snapshot stays in force.
 */
export class PolicyFeed {
  readonly #options: PolicyFeedOptions;
  #snapshot: GatewaySnapshot | null = null;
  /** The version whose change `onPoll` has dealt with. */
  #handled: number | null = null;
  #answeredAt: number | null = null;
  #failing = false;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PolicyFeedOptions) {
    this.#options = options;
  }

  /** Loads the first snapshot, then polls until `stop`. Rejects when the first load fails; it may be called again then. */
  async start(): Promise<void> {
    await this.#poll();
    this.#loop = this.#run();
  }

  get snapshot(): GatewaySnapshot | null {
    return this.#snapshot;
  }

  /** Milliseconds since the store last answered, or null when it never did. */
  get age(): number | null {
    return this.#answeredAt === null ? null : Date.now() - this.#answeredAt;
  }

  /** Stops polling; resolves when a poll under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await delay(this.#options.pollMs ?? POLL_MS);
      try {
        await this.#poll();
        if (this.#failing) {
          this.#failing = false;
          this.#options.log.info({ version: this.#snapshot?.version }, "the store answers again");
        }
      } catch (err) {
        if (!this.#failing) {
          this.#failing = true;
          this.#options.log.error({ err }, "the store does not answer; going on with the last configuration");
        }
      }
    }
  }

  async #poll(): Promise<void> {
    const { db, log, onPoll } = this.#options;
    const version = await answered(readFeedVersion(db));
    if (this.#snapshot?.version !== version) {
      this.#snapshot = await answered(loadSnapshot(db));
      log.debug({ version: this.#snapshot.version, connections: this.#snapshot.byId.size }, "configuration loaded");
      for (const one of this.#snapshot.unreadable)
        log.error(
          one,
          "policy" in one
            ? "a stored policy is not readable: it denies everything"
            : "a stored mask is not readable: everything on its connection is masked",
        );
    }
    this.#answeredAt = Date.now();
    const snapshot = this.#snapshot;
    await onPoll(snapshot, this.#handled !== snapshot.version);
    this.#handled = snapshot.version;
  }
}

async function answered<T>(work: Promise<T>): Promise<T> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      work,
      delay(ANSWER_MS, undefined, { signal: timeout.signal }).then(() => {
        throw new Error(`the store took longer than ${ANSWER_MS} ms`);
      }),
    ]);
  } finally {
    timeout.abort();
  }
}
