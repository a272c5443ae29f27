import cluster, { type Worker } from "node:cluster";
import type { Logger } from "pino";
import { AggregatorRegistry } from "prom-client";
import type { Readiness } from "./ops/readiness";

/** What a worker tells the primary process, once a second and when it starts to listen. */
export type WorkerMessage =
  | { readonly kind: "state"; readonly readiness: Readiness }
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly exitCode: number };

const BACKOFF_MS = { first: 500, most: 30_000 };
/** A worker that lived this long starts the count of quick deaths again. */
const STEADY_MS = 60_000;

function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}

/** Runs several gateway processes that share the listening port, and starts another when one dies. They share nothing but the store. */
export class WorkerPool {
  readonly #log: Logger;
  readonly #count: number;
  readonly #readiness = new Map<number, Readiness>();
  readonly #aggregator = new AggregatorRegistry();
  #deaths = 0;
  #stopping = false;

  constructor(count: number, log: Logger) {
    this.#count = count;
    this.#log = log;
  }

  /** Resolves to the port once every worker listens; rejects with the exit code when a worker cannot start at all. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      const listening = new Set<number>();
      cluster.on("message", (worker: Worker, message: unknown) => {
        if (!isWorkerMessage(message)) {
          return;
        }
        switch (message.kind) {
          case "state":
            this.#readiness.set(worker.id, message.readiness);
            break;
          case "listening":
            listening.add(worker.id);
            if (listening.size >= this.#count) {
              resolve(message.port);
            }
            break;
          case "failed":
            reject(new WorkerFailure(message.exitCode));
            break;
          default:
            return message satisfies never;
        }
      });
      cluster.on("exit", (worker, code, signal) => {
        this.#readiness.delete(worker.id);
        if (!this.#stopping) {
          this.#log.error({ worker: worker.process.pid, code, signal }, "a worker died; starting another");
          this.#startLater();
        }
      });
      for (let n = 0; n < this.#count; n++) {
        cluster.fork();
      }
    });
  }

  #startLater(): void {
    const pause = Math.min(BACKOFF_MS.first * 2 ** this.#deaths, BACKOFF_MS.most);
    this.#deaths += 1;
    setTimeout(() => {
      if (!this.#stopping) {
        cluster.fork();
      }
    }, pause);
    setTimeout(() => {
      this.#deaths = Math.max(0, this.#deaths - 1);
    }, STEADY_MS).unref();
  }

  /** Ready when every worker is. */
  readiness(): Readiness {
    const states = [...this.#readiness.values()];
    const reasons = [...new Set(states.flatMap((state) => state.reasons))];
    const missing = this.#count - states.length;
    if (missing > 0) {
      reasons.unshift(`${missing} of ${this.#count} workers are not up`);
    }
    const warnings = [...new Set(states.flatMap((state) => state.warnings ?? []))];
    return { ready: reasons.length === 0, reasons, ...(warnings.length === 0 ? {} : { warnings }) };
  }

  async metrics(): Promise<{ contentType: string; text: string }> {
    return { text: await this.#aggregator.clusterMetrics(), contentType: this.#aggregator.contentType };
  }

  /** Asks every worker to drain; resolves when all are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve) => {
            worker.once("exit", () => resolve());
            worker.process.kill("SIGTERM");
          }),
      ),
    );
  }
}

/** A worker that could not start for a reason that no restart heals; it logged why. */
export class WorkerFailure extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super("a worker could not start");
    this.exitCode = exitCode;
  }
}
