import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { SharedPosition } from "../spool/position";
import { segmentPath } from "../spool/segment-files";
import type { ShipperState } from "./shipper";
import type { FromShipper, ShipperSettings, ToShipper } from "./thread-messages";

const BACKOFF_MS = { first: 200, most: 10_000 };
/** A thread that lived this long starts the count of quick deaths again. */
const STEADY_MS = 60_000;
/** What the thread may take beyond the time it was given to close. */
const CLOSE_EXTRA_MS = 5_000;

/** The shipper's bundle, beside the gateway's (scripts/build.mjs). */
export const SHIPPER_PROGRAM: URL = new URL("./shipper.mjs", import.meta.url);

const NOTHING_SHIPPED: ShipperState = {
  sequence: 0,
  segment: 1,
  offset: 0,
  failingSince: null,
  adopted: 0,
  leftOut: 0,
};

/** The shipper as the gateway's main thread sees it. Starts the thread again when it dies: what is in the store says where to go on. */
export class ShipperThread {
  readonly #settings: ShipperSettings;
  readonly #position: SharedPosition;
  readonly #program: URL;
  readonly #log: Logger;
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #deaths = 0;
  #startedAt = 0;
  #closing = false;
  #closed: ((complete: boolean) => void) | null = null;
  #state: ShipperState = NOTHING_SHIPPED;
  /** Since when there is no thread; epoch milliseconds. */
  #deadSince: number | null = null;
  /** Of threads that died. */
  #before = { adopted: 0, leftOut: 0 };

  constructor(settings: ShipperSettings, log: Logger, program: URL = SHIPPER_PROGRAM) {
    this.#settings = settings;
    this.#position = new SharedPosition(settings.position);
    this.#log = log;
    this.#program = program;
    this.#start();
  }

  get state(): ShipperState {
    const { failingSince, adopted, leftOut } = this.#state;
    return {
      ...this.#state,
      failingSince: failingSince ?? this.#deadSince,
      adopted: this.#before.adopted + adopted,
      leftOut: this.#before.leftOut + leftOut,
    };
  }

  /** Records in the spool that are not in the store. */
  get waitingRecords(): number {
    return Math.max(0, this.#position.nextRecord - this.#state.sequence);
  }

  /** Their bytes, frames in memory not counted. */
  get waitingBytes(): number {
    const { segment, offset } = this.#position.written;
    let bytes = offset;
    for (let before = Math.max(1, this.#state.segment); before < segment; before += 1) {
      bytes += statSync(segmentPath(this.#settings.directory, before), { throwIfNoEntry: false })?.size ?? 0;
    }
    return Math.max(0, bytes - this.#state.offset);
  }

  /** Lets the thread ship the rest, after the spool was closed. Resolves to whether all is in the store; what is not stays in the spool. */
  close(timeoutMs: number): Promise<boolean> {
    this.#closing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#worker === null) this.#start();
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#closed?.(false), timeoutMs + CLOSE_EXTRA_MS);
      this.#closed = (complete) => {
        clearTimeout(late);
        this.#closed = null;
        void this.#worker?.terminate();
        this.#worker = null;
        resolve(complete);
      };
      this.#worker?.postMessage({ kind: "close", timeoutMs } satisfies ToShipper);
    });
  }

  /** Ends the thread without a word, as a crash does; another one is started. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): void {
    const worker = new Worker(this.#program, { workerData: this.#settings });
    this.#worker = worker;
    this.#startedAt = Date.now();
    worker.on("message", (message: FromShipper) => {
      this.#deadSince = null;
      this.#state = message.state;
      if (message.kind === "closed") this.#closed?.(message.complete);
    });
    worker.on("error", (err) => this.#log.error({ err }, "the shipper's thread failed"));
    worker.on("exit", () => this.#gone(worker));
  }

  #gone(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#deadSince ??= Date.now();
    const { adopted, leftOut } = this.state;
    this.#before = { adopted, leftOut };
    this.#state = { ...this.#state, adopted: 0, leftOut: 0 };
    if (this.#closing) {
      this.#closed?.(false);
      return;
    }
    if (Date.now() - this.#startedAt > STEADY_MS) this.#deaths = 0;
    const pause = Math.min(BACKOFF_MS.first * 2 ** this.#deaths, BACKOFF_MS.most);
    this.#deaths += 1;
    this.#log.error({ pause }, "the shipper's thread ended; starting another");
    this.#timer = setTimeout(() => this.#start(), pause);
  }
}
