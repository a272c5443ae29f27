import type { Logger } from "pino";
import type { PolledDecision } from "@/lib/approvals/poll-decisions";
import { answered } from "../answered";
import type { ApprovalStore } from "./approval-store";

const TICK_MS = 250;
/** With more requests than this the store is asked at every second tick. */
const MANY = 200;

/** How the wait of one statement ended. */
export type HoldEnd =
  /** People or the clock have decided. */
  | { readonly kind: "settled"; readonly decision: PolledDecision }
  /** Nobody decided in time, or the gateway stops: what is decided later serves a retry. */
  | { readonly kind: "timed_out" | "drained" }
  /** KILL QUERY. */
  | { readonly kind: "interrupted" }
  /** The session is over. */
  | { readonly kind: "gone" };

export interface HoldInput {
  readonly approvalId: string;
  readonly statementId: string;
  /** Epoch milliseconds. */
  readonly until: number;
  /** Tells the store that this client waits too, after another one that waited for the same request has left. */
  readonly waitOn: () => Promise<unknown>;
}

/** One statement that waits. */
export interface Hold {
  readonly approvalId: string;
  readonly ended: Promise<HoldEnd>;
  /** Ends the wait; the request stays for a retry. Does nothing the second time. */
  end(kind: Exclude<HoldEnd["kind"], "settled">): void;
}

interface Waiting extends HoldInput {
  readonly settle: (end: HoldEnd) => void;
}

export interface HoldsOptions {
  readonly store: Pick<ApprovalStore, "poll" | "clientsGone" | "sessionKilled">;
  readonly log: Logger;
  readonly tickMs?: number;
}

/**
 * All statements of this process that wait for people: one timer and one query for however many there are, and none for nothing. What
 * the store is to be told of waits that ended is told again until it answers.
 */
export class Holds {
  readonly #options: HoldsOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #byApproval = new Map<string, Set<Waiting>>();
  /** Statements and sessions that the store has not heard of yet; of a statement the request it waited for. */
  readonly #gone = new Map<string, string>();
  readonly #killed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;
  #asking = false;
  #failing = false;
  #telling: Promise<void> | null = null;
  #draining = false;
  /** Counters of what became of statements that waited. */
  readonly counts = { released: 0, denied: 0, timedOut: 0 };

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  /** Statements that wait now. */
  get size(): number {
    return this.#waiting.size;
  }

  /** The gateway stops: nothing begins to wait any more. */
  get draining(): boolean {
    return this.#draining;
  }

  hold(input: HoldInput): Hold {
    let end: (end: HoldEnd) => void = () => undefined;
    const ended = new Promise<HoldEnd>((resolve) => {
      end = resolve;
    });
    const waiting: Waiting = { ...input, settle: end };
    this.#waiting.add(waiting);
    const others = this.#byApproval.get(input.approvalId) ?? new Set();
    this.#byApproval.set(input.approvalId, others.add(waiting));
    if (this.#draining) this.#leave(waiting, "drained");
    else this.#wake();
    return { approvalId: input.approvalId, ended, end: (kind) => this.#leave(waiting, kind) };
  }

  /** Nobody waits for this statement: its client left before it began to. */
  gone(statementId: string, approvalId: string): void {
    this.#gone.set(statementId, approvalId);
    this.#wake();
    void this.#tell();
  }

  /** A session was ended by a kill request. */
  sessionKilled(sessionId: string): void {
    this.#killed.add(sessionId);
    this.#wake();
    void this.#tell();
  }

  /** The gateway stops: every wait ends, its request stays for a retry. */
  drain(): void {
    this.#draining = true;
    for (const waiting of [...this.#waiting]) this.#leave(waiting, "drained");
  }

  /** Tells the store what it has not heard of yet, once more, and stops. */
  async stop(): Promise<void> {
    this.drain();
    await this.#telling;
    await this.#tell();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #leave(waiting: Waiting, kind: Exclude<HoldEnd["kind"], "settled">): void {
    if (!this.#remove(waiting)) return;
    if (kind === "timed_out") this.counts.timedOut += 1;
    waiting.settle({ kind });
    this.gone(waiting.statementId, waiting.approvalId);
  }

  #remove(waiting: Waiting): boolean {
    if (!this.#waiting.delete(waiting)) return false;
    const others = this.#byApproval.get(waiting.approvalId);
    others?.delete(waiting);
    if (others?.size === 0) this.#byApproval.delete(waiting.approvalId);
    return true;
  }

  #wake(): void {
    this.#timer ??= setInterval(() => this.#tick(), this.#options.tickMs ?? TICK_MS);
  }

  #tick(): void {
    this.#ticks += 1;
    const now = Date.now();
    for (const waiting of [...this.#waiting]) {
      if (now >= waiting.until) this.#leave(waiting, "timed_out");
    }
    if (this.#gone.size > 0 || this.#killed.size > 0) void this.#tell();
    if (this.#byApproval.size > 0) {
      if (this.#byApproval.size <= MANY || this.#ticks % 2 === 0) void this.#ask();
    } else if (this.#gone.size === 0 && this.#killed.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const decisions = await answered(this.#options.store.poll([...this.#byApproval.keys()]));
      for (const decision of decisions) this.#settle(decision);
      this.#failing = false;
    } catch (err) {
      // The waits go on: the store may come back within their time.
      if (!this.#failing)
        this.#options.log.warn({ err }, "the store does not tell of approvals; statements go on waiting");
      this.#failing = true;
    } finally {
      this.#asking = false;
    }
  }

  #settle(decision: PolledDecision): void {
    for (const waiting of [...(this.#byApproval.get(decision.id) ?? [])]) {
      if (!this.#remove(waiting)) continue;
      if (decision.state === "denied") this.counts.denied += 1;
      waiting.settle({ kind: "settled", decision });
    }
  }

  /** One at a time; what fails is kept for the next tick. */
  #tell(): Promise<void> {
    this.#telling ??= this.#tellNow().finally(() => {
      this.#telling = null;
    });
    return this.#telling;
  }

  async #tellNow(): Promise<void> {
    // Whatever ends in the same turn is told in one go.
    await Promise.resolve();
    const { store, log } = this.#options;
    const gone = [...this.#gone];
    const killed = [...this.#killed];
    try {
      for (const session of killed) {
        await answered(store.sessionKilled(session));
        this.#killed.delete(session);
      }
      if (gone.length === 0) return;
      await answered(store.clientsGone(gone.map(([statement]) => statement)));
      for (const [statement] of gone) this.#gone.delete(statement);
      const shared = new Set(gone.map(([, approval]) => approval));
      for (const approval of shared) {
        const [left] = this.#byApproval.get(approval) ?? [];
        if (left !== undefined) await answered(left.waitOn());
      }
    } catch (err) {
      log.debug({ err }, "the store has not heard yet of statements that wait no more");
    }
  }
}
