import { randomInt } from "node:crypto";
import type { GrantFacts, SessionEnd } from "./ports";
import { StatementRate } from "./statement-rate";
import { WireMetrics } from "./wire-metrics";

export type EndReason = SessionEnd["reason"];

/** What a session works on, for people who look at what runs. */
export interface RunningView {
  /** Of its record; null between the statements of an open transaction. */
  readonly statementId: string | null;
  readonly sql: string | null;
  /** Epoch milliseconds of its arrival. */
  readonly since: number | null;
  /** It waits for a person. */
  readonly held: boolean;
  readonly inTransaction: boolean;
  /** Of the answer so far. */
  readonly rows: number;
  readonly bytes: number;
}

/** A logged-in session, as the rest of the gateway sees it. */
export interface LiveSession {
  readonly id: string;
  readonly wireId: number;
  readonly identityId: string;
  readonly connectionId: string;
  /** Of its login grant: a changed policy is checked against them. */
  readonly facts: GrantFacts;
  /** The thread id that the upstream gave; clients learn it from CONNECTION_ID(). */
  readonly upstreamThreadId: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Whether a statement is running or the upstream has a transaction open. */
  readonly busy: boolean;
  /** What it works on; null when it does nothing and no transaction is open. */
  readonly running: RunningView | null;
  /** Ends the session; a running statement gets an ERR packet where the protocol has room for one. Does nothing the second time. */
  terminate(reason: EndReason): void;
  /** Interrupts the running statement; resolves when the upstream was told, or at once when nothing runs. */
  killStatement(): Promise<void>;
  /** Called about ten times a second with the current epoch milliseconds: deadlines of token and statement. */
  tick(now: number): void;
}

const MAX_WIRE_ID = 0x7fff_ffff;

/** All live sessions of this process, their greeting ids and the process's counters. */
export class SessionRegistry {
  readonly metrics = new WireMetrics();
  readonly #sessions = new Map<number, LiveSession>();
  readonly #perConnection = new Map<string, number>();
  readonly #reservedIds = new Set<number>();
  readonly #rates = new Map<string, StatementRate>();

  /** A random non-zero 31-bit id that no greeting of this process uses now. Give it back with `releaseWireId`. */
  reserveWireId(): number {
    let id = randomInt(1, MAX_WIRE_ID);
    while (this.#reservedIds.has(id)) {
      id = randomInt(1, MAX_WIRE_ID);
    }
    this.#reservedIds.add(id);
    return id;
  }

  releaseWireId(id: number): void {
    this.#reservedIds.delete(id);
  }

  add(session: LiveSession): void {
    this.#sessions.set(session.wireId, session);
    this.#perConnection.set(session.connectionId, this.countOf(session.connectionId) + 1);
  }

  remove(session: LiveSession): void {
    if (this.#sessions.get(session.wireId) !== session) {
      return;
    }
    this.#sessions.delete(session.wireId);
    const left = this.countOf(session.connectionId) - 1;
    if (left > 0) {
      this.#perConnection.set(session.connectionId, left);
    } else {
      this.#perConnection.delete(session.connectionId);
    }
  }

  /** How many sessions of one connection are live here. */
  countOf(connectionId: string): number {
    return this.#perConnection.get(connectionId) ?? 0;
  }

  /** The bucket that all sessions of one identity on one connection share here, closed ones too; null without a limit. */
  rateOf(identityId: string, connectionId: string, perMinute: number | undefined, now: number): StatementRate | null {
    if (perMinute === undefined) {
      return null;
    }
    const key = `${identityId} ${connectionId}`;
    const known = this.#rates.get(key);
    if (known?.perMinute === perMinute) {
      return known;
    }
    const rate = new StatementRate(perMinute, now);
    this.#rates.set(key, rate);
    return rate;
  }

  /** Lets every session look at its deadlines. */
  tick(now: number): void {
    for (const session of this.#sessions.values()) {
      session.tick(now);
    }
  }

  get size(): number {
    return this.#sessions.size;
  }

  sessions(): Iterable<LiveSession> {
    return this.#sessions.values();
  }

  byWireId(wireId: number): LiveSession | null {
    return this.#sessions.get(wireId) ?? null;
  }

  byIdentity(identityId: string): LiveSession[] {
    return [...this.#sessions.values()].filter((session) => session.identityId === identityId);
  }

  /** The identity's own session with this greeting id or, as CONNECTION_ID() tells that one, upstream thread id. */
  findOwn(identityId: string, id: number): LiveSession | null {
    const direct = this.#sessions.get(id);
    if (direct !== undefined) {
      return direct.identityId === identityId ? direct : null;
    }
    const aliases = this.byIdentity(identityId).filter((session) => session.upstreamThreadId === id);
    return aliases.length === 1 ? (aliases[0] ?? null) : null;
  }
}
