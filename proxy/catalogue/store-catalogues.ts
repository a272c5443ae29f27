import type { Logger } from "pino";
import { noteCatalogueFailure, storeCatalogue } from "@/lib/catalogue/store";
import type { Db } from "@/lib/db/client";
import { SallyportError } from "@/lib/errors/error";
import type { CataloguedConnection } from "./catalogues";
import type { Refreshed } from "./connection-catalogue";

/** That nothing has changed is not written more often than this. */
const CHECKED_EVERY_MS = 15_000;

/** Brings what was read of the upstreams to the store, for the console; never in the way of statements. */
export class CatalogueStorage {
  readonly #db: Db;
  readonly #log: Logger;
  /** By connection: when it was last written, and whether that was a failure. */
  readonly #written = new Map<string, { readonly at: number; readonly failed: boolean }>();
  #queue: Promise<void> = Promise.resolve();

  constructor(db: Db, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  note(connection: CataloguedConnection, refreshed: Refreshed): void {
    const { snapshot, at, changed, error } = refreshed;
    const before = this.#written.get(connection.id);
    const failed = snapshot === null;
    const due = before === undefined || at.getTime() - before.at >= CHECKED_EVERY_MS || before.failed !== failed;
    if (!changed && !due) return;
    if (failed && before?.failed !== true) {
      this.#log.warn({ err: error, connection: connection.name }, "the upstream's catalogue could not be read");
    }
    this.#written.set(connection.id, { at: at.getTime(), failed });
    const work = async () => {
      if (snapshot === null) await noteCatalogueFailure(this.#db, connection.id, wordsOf(error), at);
      else await storeCatalogue(this.#db, connection.id, snapshot, at);
    };
    this.#queue = this.#queue.then(work).catch((err) => {
      // Written again at the next occasion.
      this.#written.delete(connection.id);
      this.#log.debug({ err, connection: connection.name }, "a catalogue could not be stored");
    });
  }

  /** Resolves when everything noted so far is written, or could not be. */
  async settled(): Promise<void> {
    await this.#queue;
  }
}

/** For admins: an error that was written for people, or nothing of its text. */
function wordsOf(error: unknown): string {
  return error instanceof SallyportError
    ? error.message
    : "The catalogue could not be read; the gateway's log says why";
}
