import type { Logger } from "pino";
import type { Db } from "@/lib/db/client";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import type { CataloguedConnection } from "../catalogue/catalogues";
import type { Refreshed } from "../catalogue/connection-catalogue";
import type { ScanParts } from "./connection-scan";
import { scanConnection } from "./scan-connection";

/** After a scan that broke off or left something for later. */
const RETRY_MS = 60_000;

interface Watched {
  connection: CataloguedConnection;
  snapshot: CatalogueSnapshot;
  /** The snapshot whose columns are all looked at, by this process or another. */
  done: CatalogueSnapshot | null;
  retryAt: number;
  running: Promise<void> | null;
}

export interface MaskingScansOptions {
  readonly db: Db;
  readonly log: Logger;
  readonly pauseMs?: number;
  readonly retryMs?: number;
}

/** Looks for columns to mask as catalogues are read and change; never in the way of statements. */
export class MaskingScans {
  readonly #options: MaskingScansOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #failures: ScanParts["failures"] = new Map();
  #stopped = false;

  constructor(options: MaskingScansOptions) {
    this.#options = options;
  }

  /** Told of every refresh, so that what was left undone is tried again. */
  note(connection: CataloguedConnection, { snapshot }: Refreshed): void {
    if (snapshot === null || this.#stopped) return;
    const watched = this.#watched.get(connection.id) ?? { connection, snapshot, done: null, retryAt: 0, running: null };
    this.#watched.set(connection.id, watched);
    watched.connection = connection;
    if (watched.snapshot !== snapshot) {
      watched.snapshot = snapshot;
      watched.retryAt = 0;
    }
    if (watched.running !== null || watched.done === snapshot || Date.now() < watched.retryAt) return;
    watched.running = this.#run(watched).finally(() => {
      watched.running = null;
    });
  }

  /** Forgets all connections but these. */
  keep(connectionIds: ReadonlySet<string>): void {
    for (const id of this.#watched.keys()) if (!connectionIds.has(id)) this.#watched.delete(id);
  }

  async #run(watched: Watched): Promise<void> {
    const { id, name } = watched.connection;
    const { db, log, pauseMs, retryMs = RETRY_MS } = this.#options;
    try {
      for (let outcome = "stale"; outcome === "stale" && !this.#isOver(watched); ) {
        const { connection, snapshot } = watched;
        const isStale = () => this.#isOver(watched) || watched.snapshot !== snapshot;
        const pause = pauseMs === undefined ? {} : { pauseMs };
        outcome = await scanConnection({ db, isStale, failures: this.#failures, ...pause }, connection, snapshot);
        if (outcome === "done") watched.done = snapshot;
        if (outcome === "later") watched.retryAt = Date.now() + retryMs;
      }
    } catch (err) {
      watched.retryAt = Date.now() + retryMs;
      log.warn({ err, connection: name, connectionId: id }, "the search for columns to mask broke off");
    }
  }

  #isOver(watched: Watched): boolean {
    return this.#stopped || this.#watched.get(watched.connection.id) !== watched;
  }

  /** Ends what is running after its current statement. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#watched.values()].map((watched) => watched.running));
  }
}
