import type { Pool } from "mysql2/promise";
import type { Logger } from "pino";
import { dbErrno } from "@/lib/db/errors";
import type {
  AuditRow,
  Recorder,
  SessionEnd,
  SessionStart,
  StatementBegan,
  StatementEnded,
  StatementRecord,
  TemplateFacts,
} from "../session/ports";
import { type RecordItem, type SessionTotals, weighItem } from "./batch";
import { fitAudit, fitSession, fitStatement } from "./fit";
import { isRowsOwnFault, salvage } from "./row-faults";
import { writeBatch } from "./write-batch";

const FLUSH_MS = 100;
const BATCH_ITEMS = 2_000;
const TOTALS_MS = 2_000;
const BACKOFF_MS = { first: 100, most: 5_000 };
/** An answer that takes longer counts as a failure; the batch is written again, which changes nothing if it had arrived. */
const WRITE_MS = 30_000;

export interface StoreRecorderOptions {
  readonly pool: Pool;
  readonly gatewayId: string;
  readonly log: Logger;
  readonly maxItems?: number;
  readonly maxBytes?: number;
  /** Sees every statement as it comes, for counters. */
  readonly onStatement?: (row: StatementRecord) => void;
}

/**
 * Brings records to the store in batches, off the response path. The queue is bounded: when it is full `accepts` says no and
 * statements are refused, rather than run unrecorded. Ends of sessions and audit events are still taken then: they are few, and they stop nothing.
 */
export class StoreRecorder implements Recorder {
  readonly #options: Required<StoreRecorderOptions>;
  #queue: RecordItem[] = [];
  #bytes = 0;
  #writing: RecordItem[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Whether the timer is due at once. */
  #urgent = false;
  #running: Promise<void> | null = null;
  #backoff = 0;
  #closing = false;
  #dropped = 0;
  readonly #totals = new Map<string, SessionTotals>();
  readonly #changedTotals = new Set<string>();
  #totalsAt = 0;

  constructor(options: StoreRecorderOptions) {
    this.#options = { maxItems: 50_000, maxBytes: 64 * 1024 * 1024, onStatement: () => undefined, ...options };
  }

  accepts(): boolean {
    return this.#bytes < this.#options.maxBytes && this.depth < this.#options.maxItems;
  }

  /** Records not in the store yet. */
  get depth(): number {
    return this.#queue.length + this.#writing.length;
  }

  /** Approximate bytes of those records. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the last write failed. */
  get failing(): boolean {
    return this.#backoff > 0;
  }

  /** Records lost since the start: refused by the store for what they are (logged by id), or login refusals far beyond the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  sessionStarted(row: SessionStart): void {
    this.#push({ kind: "start", row: fitSession(row) });
  }

  readonly #began = new Map<string, StatementBegan>();

  statementBegan(row: StatementBegan): void {
    this.#began.set(row.id, row);
  }

  statementEnded(row: StatementEnded): void {
    const began = this.#began.get(row.id);
    if (began !== undefined) {
      this.#began.delete(row.id);
      this.statement({ ...began, ...row });
    }
  }

  template(_facts: TemplateFacts): void {}

  frame(): void {}

  statement(row: StatementRecord): void {
    this.#options.onStatement(row);
    const before = this.#totals.get(row.sessionId);
    this.#totals.set(row.sessionId, {
      id: row.sessionId,
      statementCount: (before?.statementCount ?? 0) + 1,
      errorCount: (before?.errorCount ?? 0) + (row.errorNumber == null ? 0 : 1),
      lastStatementAt: row.at,
    });
    this.#changedTotals.add(row.sessionId);
    this.#push({ kind: "statement", row: fitStatement(row) });
  }

  sessionEnded(row: SessionEnd): void {
    const totals = this.#totals.get(row.id);
    if (totals !== undefined) {
      this.#push({ kind: "totals", row: totals });
    }
    this.#totals.delete(row.id);
    this.#changedTotals.delete(row.id);
    this.#push({ kind: "end", row });
  }

  audit(row: AuditRow): void {
    // Anybody can make a gateway refuse logins: those must not fill the memory while the store is away.
    if (row.action === "login.refused" && this.depth >= this.#options.maxItems * 2) {
      this.#dropped += 1;
      return;
    }
    this.#push({ kind: "audit", row: fitAudit(row) });
  }

  /** Writes what is queued until it is in the store or the time is up; returns how many records are left. Nothing is taken afterwards. */
  async close(timeoutMs: number): Promise<number> {
    this.#closing = true;
    const deadline = Date.now() + timeoutMs;
    while (this.depth > 0 && Date.now() < deadline) {
      this.#schedule(0);
      await Promise.race([this.#running ?? wait(5), wait(Math.max(1, deadline - Date.now()))]);
      if (this.failing) {
        await wait(Math.min(this.#backoff, Math.max(1, deadline - Date.now())));
      }
    }
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    return this.depth;
  }

  #push(item: RecordItem): void {
    this.#queue.push(item);
    this.#bytes += weighItem(item);
    if (this.#queue.length >= BATCH_ITEMS && this.#backoff === 0) {
      this.#schedule(0);
    } else {
      this.#schedule(this.#backoff === 0 ? FLUSH_MS : this.#backoff);
    }
  }

  #schedule(ms: number): void {
    if (this.#running !== null || (this.#timer !== null && (ms > 0 || this.#urgent))) {
      return;
    }
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    this.#urgent = ms === 0;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = this.#flush().finally(() => {
        this.#running = null;
        if (this.depth > 0 && !(this.#closing && this.failing)) {
          this.#schedule(this.#backoff > 0 ? this.#backoff : this.#queue.length >= BATCH_ITEMS ? 0 : FLUSH_MS);
        }
      });
    }, ms);
  }

  async #flush(): Promise<void> {
    if (this.#writing.length === 0) {
      this.#addTotals();
      this.#writing = this.#queue.splice(0, BATCH_ITEMS);
    }
    const { pool, gatewayId, log } = this.#options;
    try {
      await this.#write(this.#writing);
    } catch (error) {
      if (!isRowsOwnFault(error)) {
        this.#failed(error);
        return;
      }
      try {
        this.#dropped += await salvage(this.#writing, (items) => writeBatch(pool, gatewayId, items), log);
      } catch (again) {
        this.#failed(again);
        return;
      }
    }
    for (const item of this.#writing) {
      this.#bytes -= weighItem(item);
    }
    this.#writing = [];
    if (this.#backoff > 0) {
      log.info({ waiting: this.#queue.length }, "records reach the store again");
    }
    this.#backoff = 0;
  }

  async #write(items: readonly RecordItem[]): Promise<void> {
    const late = new AbortController();
    const written = writeBatch(this.#options.pool, this.#options.gatewayId, items);
    try {
      await Promise.race([written, failAfter(WRITE_MS, late.signal)]);
    } finally {
      late.abort();
    }
  }

  #failed(error: unknown): void {
    if (this.#backoff === 0) {
      this.#options.log.error(
        { err: error, errno: dbErrno(error), waiting: this.depth },
        "records do not reach the store",
      );
    }
    this.#backoff = Math.min(this.#backoff === 0 ? BACKOFF_MS.first : this.#backoff * 2, BACKOFF_MS.most);
  }

  #addTotals(): void {
    const now = Date.now();
    if (now - this.#totalsAt < TOTALS_MS || this.#changedTotals.size === 0) {
      return;
    }
    this.#totalsAt = now;
    for (const id of this.#changedTotals) {
      const row = this.#totals.get(id);
      if (row !== undefined) {
        const item: RecordItem = { kind: "totals", row };
        this.#queue.push(item);
        this.#bytes += weighItem(item);
      }
    }
    this.#changedTotals.clear();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failAfter(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the store took longer than ${ms} ms`)), ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
}
