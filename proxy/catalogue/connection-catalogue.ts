import { setTimeout as delay } from "node:timers/promises";
import { snapshotHash } from "@/lib/catalogue/read";
import { type Catalogue, type CatalogueSnapshot, compileCatalogue } from "@/lib/sql/catalogue";

/** A compiled catalogue; `version` differs from that of every other state of any connection in this process. */
export interface VersionedCatalogue {
  readonly version: number;
  readonly catalogue: Catalogue;
}

export interface ReadCatalogue {
  readonly snapshot: CatalogueSnapshot;
  readonly fingerprint: string;
}

/** What a refresh brought: the snapshot when one was read, or why none was. */
export interface Refreshed {
  readonly at: Date;
  readonly snapshot: CatalogueSnapshot | null;
  readonly changed: boolean;
  readonly error: unknown;
}

export interface ConnectionCatalogueOptions {
  /** Reads the catalogue, unless its fingerprint is the one given: null then. */
  readonly read: (known: string | null) => Promise<ReadCatalogue | null>;
  readonly refreshMs: () => number;
  /** Between the starts of two refreshes that unknown names ask for: a second, unless a test has no time for that. */
  readonly askedPauseMs?: number | undefined;
  /** Told after every attempt. */
  readonly onRefreshed: (refreshed: Refreshed) => void;
}

/** Between the starts of two refreshes: that unknown names ask for, and that the gateway's own sessions cause by changing tables. */
const PAUSE_MS = { asked: 1_000, changed: 100 };
/** After a failure the timer tries again sooner than an admin's long interval. */
const RETRY_MS = 5_000;

let versions = 0;

/** What is known of one upstream's tables, kept fresh: on a timer, after DDL, and when a statement names something unknown. */
export class ConnectionCatalogue {
  readonly #options: ConnectionCatalogueOptions;
  readonly #pauseMs: typeof PAUSE_MS;
  #current: VersionedCatalogue | null = null;
  #hash = "";
  #fingerprint: string | null = null;
  #snapshot: CatalogueSnapshot | null = null;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #settling: Promise<void> | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  /** Of the last refresh, or null when it worked. */
  error: unknown = null;
  /** Epoch milliseconds of the last refresh that worked. */
  checkedAt: number | null = null;

  constructor(options: ConnectionCatalogueOptions) {
    this.#options = options;
    this.#pauseMs = { ...PAUSE_MS, asked: options.askedPauseMs ?? PAUSE_MS.asked };
  }

  get current(): VersionedCatalogue | null {
    return this.#current;
  }

  /** Begins to refresh on the timer. */
  start(): void {
    void this.#refresh();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /**
   * Resolves after a refresh that began after this call: never more than one a second begins, and all who ask meanwhile share it.
   * Never rejects.
   */
  refresh(): Promise<void> {
    this.#next ??= this.#later("asked");
    return this.#next;
  }

  /** Tables have changed: what is known of them is not to be relied on until a refresh that begins now is over. */
  tablesChanged(): void {
    const settling: Promise<void> = this.#settle().then(() => {
      if (this.#settling === settling) this.#settling = null;
    });
    this.#settling = settling;
  }

  /** Resolves when the catalogue can be relied on again; null when it can. */
  get settling(): Promise<void> | null {
    return this.#settling;
  }

  async #settle(): Promise<void> {
    await this.#later("changed");
    while (this.error !== null && !this.#stopped) await this.refresh();
  }

  async #later(why: keyof typeof PAUSE_MS): Promise<void> {
    await this.#running;
    const wait = this.#startedAt + this.#pauseMs[why] - performance.now();
    if (wait > 0 && !this.#stopped) {
      await delay(wait);
    }
    // Another may have begun meanwhile, too early to count.
    await this.#running;
    if (why === "asked") this.#next = null;
    await this.#refresh();
  }

  /** Resolves when a catalogue is there, or when the attempt under way or the next one failed. */
  async ready(): Promise<void> {
    if (this.#current !== null) return;
    await (this.#running ?? this.refresh());
  }

  #refresh(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
      this.#schedule();
    });
    return this.#running;
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const interval = this.#options.refreshMs();
    this.#timer = setTimeout(() => void this.#refresh(), this.error === null ? interval : Math.min(interval, RETRY_MS));
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    this.#startedAt = performance.now();
    try {
      const read = await this.#options.read(this.#fingerprint);
      if (this.#stopped) return;
      if (read === null) {
        this.#done();
        return;
      }
      const { snapshot, fingerprint } = read;
      this.#fingerprint = fingerprint;
      const hash = snapshotHash(snapshot);
      const changed = hash !== this.#hash;
      if (changed) {
        versions += 1;
        this.#current = { version: versions, catalogue: compileCatalogue(snapshot) };
        this.#hash = hash;
        this.#snapshot = snapshot;
      }
      this.#done(changed);
    } catch (error) {
      if (this.#stopped) return;
      this.error = error;
      this.#options.onRefreshed({ at: new Date(), snapshot: null, changed: false, error });
    }
  }

  #done(changed = false): void {
    this.error = null;
    this.checkedAt = Date.now();
    this.#options.onRefreshed({ at: new Date(), snapshot: this.#snapshot, changed, error: null });
  }
}
