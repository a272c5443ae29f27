import type { Registry } from "prom-client";
import { migrate } from "@/lib/db/migrate";
import { findMigrationsFolder } from "@/lib/db/migrations-folder";
import { type Gateway, type GatewaySettings, startGateway } from "./gateway";
import type { Readiness } from "./ops/readiness";
import { retryUntilAnswered } from "./store-wait";

/** How long running statements may go on after a stop was asked for. */
const GRACE_MS = 10_000;
const STARTING: Readiness = { ready: false, reasons: ["starting: waiting for the store"] };

/** One gateway process from start to stop; can be asked for its state at any time in between. */
export class GatewayProcess {
  readonly #settings: GatewaySettings;
  #gateway: Gateway | null = null;
  #starting: Promise<number | null> = Promise.resolve(null);
  #stopping = false;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  /** Migrates the store and starts the gateway, waiting for a store that is away. Resolves to the port, or null when stopped before. */
  start(): Promise<number | null> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<number | null> {
    const { store, log } = this.#settings;
    const keepTrying = () => !this.#stopping;
    const folder = findMigrationsFolder(import.meta.dirname);
    try {
      await retryUntilAnswered(() => migrate(store.DATABASE_URL, folder), log, keepTrying);
      const gateway = await startGateway(this.#settings, keepTrying);
      if (this.#stopping) {
        await gateway.stop(0);
        return null;
      }
      this.#gateway = gateway;
      return gateway.port;
    } catch (error) {
      if (this.#stopping) {
        return null;
      }
      throw error;
    }
  }

  readiness(): Readiness {
    return this.#gateway?.readiness() ?? STARTING;
  }

  get metrics(): Registry | null {
    return this.#gateway?.metrics ?? null;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // A start that is under way first finds out that it is not wanted any more; why it failed is its caller's to say.
    await this.#starting.catch(() => null);
    await this.#gateway?.stop(GRACE_MS);
  }
}
