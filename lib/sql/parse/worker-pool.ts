import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { NotUnderstood } from "../analysis";

/** How the parser's worker is bounded. */
export interface WorkerLimits {
  readonly deadlineMs: number;
  readonly maxHeapMb: number;
  readonly stackMb: number;
  /** Statements that may wait for the worker; more are refused at once. */
  readonly maxWaiting: number;
}

export const DEFAULT_WORKER_LIMITS: WorkerLimits = { deadlineMs: 500, maxHeapMb: 256, stackMb: 4, maxWaiting: 32 };

/** The worker's program: plain JavaScript, so that no bundler has to know it. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { Parser } = require(workerData.parser);
const parser = new Parser();
const parse = (text) => {
  try {
    const parsed = parser.astify(text);
    if (Array.isArray(parsed)) return parsed.length === 1 ? parsed[0] : null;
    return parsed && "go" in parsed ? null : parsed;
  } catch { return null; }
};
parentPort.postMessage({ ready: true });
parentPort.on("message", (texts) => {
  try { parentPort.postMessage({ trees: texts.map(parse) }); }
  catch { parentPort.postMessage({ trees: texts.map(() => null) }); }
});
`;

interface Job {
  readonly texts: readonly string[];
  readonly settle: (result: readonly unknown[] | NotUnderstood) => void;
}

function tooComplex(message: string): NotUnderstood {
  return { ok: false, code: "TOO_COMPLEX", message, token: null };
}

/**
 * Parses large statements in a thread of its own, one at a time. A statement that takes longer than the deadline, or
 * more memory than it may, ends the thread and is refused; the next one gets a new thread.
 */
export class ParserWorker {
  readonly #limits: WorkerLimits;
  readonly #waiting: Job[] = [];
  #worker: Worker | null = null;
  #current: Job | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(limits: WorkerLimits = DEFAULT_WORKER_LIMITS) {
    this.#limits = limits;
  }

  /** Trees of the texts, null for a text that is not understood. Never rejects. */
  parse(texts: readonly string[]): Promise<readonly unknown[] | NotUnderstood> {
    if (this.#closed || this.#waiting.length >= this.#limits.maxWaiting) {
      return Promise.resolve(tooComplex("too many large statements at once: try again"));
    }
    return new Promise((settle) => {
      this.#waiting.push({ texts, settle });
      this.#next();
    });
  }

  /** Ends the thread; what still waits is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.settle(tooComplex("the gateway is stopping"));
    await this.#replace(tooComplex("the gateway is stopping"));
  }

  #next(): void {
    if (this.#current !== null) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#current = job;
    if (this.#worker === null) this.#worker = this.#start();
    else this.#send(this.#worker, job);
  }

  /** A new thread gets its first job when it says that it is ready: loading the parser does not count. */
  #start(): Worker {
    const parser = createRequire(import.meta.url).resolve("node-sql-parser/build/mysql.js");
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { parser },
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.maxHeapMb, stackSizeMb: this.#limits.stackMb },
    });
    worker.unref();
    worker.on("message", (message: { ready?: true; trees?: readonly unknown[] }) => {
      if (worker !== this.#worker) return;
      if (message.trees !== undefined) this.#finish(message.trees);
      else if (this.#current !== null) this.#send(worker, this.#current);
    });
    worker.on("error", () => this.#gone(worker));
    worker.on("exit", () => this.#gone(worker));
    return worker;
  }

  #send(worker: Worker, job: Job): void {
    this.#timer = setTimeout(() => {
      void this.#replace(tooComplex("it takes too long to parse"));
    }, this.#limits.deadlineMs);
    worker.postMessage(job.texts);
  }

  #finish(result: readonly unknown[] | NotUnderstood): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const job = this.#current;
    this.#current = null;
    job?.settle(result);
    this.#next();
  }

  #gone(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#finish(tooComplex("it takes too much memory to parse"));
  }

  async #replace(reason: NotUnderstood): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#finish(reason);
    await worker?.terminate();
  }
}
