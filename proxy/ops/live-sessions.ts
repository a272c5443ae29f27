import { and, eq, inArray, isNotNull, notInArray, or, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db } from "@/lib/db/client";
import { gateways, liveSessions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { type Repeating, repeat } from "@/lib/repeat";
import type { LiveSession, RunningView } from "../session/registry";

const EVERY_MS = 1_000;
/** Busy sessions that a gateway tells of, the longest first. */
export const TOLD_SESSIONS = 500;
/** Of the column. */
const SQL_CHARACTERS = 1_000;

export interface LiveSessionsOptions {
  readonly db: Db;
  readonly gatewayId: string;
  readonly log: Logger;
  readonly sessions: () => Iterable<Pick<LiveSession, "id" | "running">>;
  readonly everyMs?: number;
}

type Busy = RunningView & { readonly id: string };

/** Tells the store once a second what this gateway's busy sessions do. Nothing waits for it, and what is lost of it is told again. */
export class LiveSessions {
  readonly #options: LiveSessionsOptions;
  #repeating: Repeating | null = null;
  /** The store may have rows of this gateway. */
  #told = true;

  constructor(options: LiveSessionsOptions) {
    this.#options = options;
  }

  start(): void {
    const { everyMs = EVERY_MS, log } = this.#options;
    this.#repeating = repeat(
      () => this.#tell(),
      everyMs,
      (err) => log.warn({ err }, "what runs could not be told to the store"),
    );
  }

  /** Removes this gateway's rows. */
  async stop(): Promise<void> {
    await this.#repeating?.stop();
    const { db, gatewayId } = this.#options;
    await db.delete(liveSessions).where(eq(liveSessions.gatewayId, gatewayId));
  }

  /** Removes rows that gateways left which are gone; nobody reads them, but nobody else would remove them. */
  async clear(): Promise<void> {
    const { db, gatewayId } = this.#options;
    const gone = db.select({ id: gateways.id }).from(gateways).where(isNotNull(gateways.stoppedAt));
    await db
      .delete(liveSessions)
      .where(or(eq(liveSessions.gatewayId, gatewayId), inArray(liveSessions.gatewayId, gone)));
  }

  async #tell(): Promise<void> {
    const { db, gatewayId, sessions } = this.#options;
    const busy = longestBusy(sessions());
    if (busy.length === 0 && !this.#told) return;
    this.#told = true;
    await inTransaction(db, async (tx) => {
      const ids = busy.map((one) => one.id);
      const ofGateway = eq(liveSessions.gatewayId, gatewayId);
      await tx
        .delete(liveSessions)
        .where(ids.length === 0 ? ofGateway : and(ofGateway, notInArray(liveSessions.sessionId, ids)));
      if (busy.length > 0) {
        await tx
          .insert(liveSessions)
          .values(busy.map((one) => rowOf(one, gatewayId)))
          .onDuplicateKeyUpdate({ set: ALL });
      }
    });
    this.#told = busy.length > 0;
  }
}

function longestBusy(sessions: Iterable<Pick<LiveSession, "id" | "running">>): Busy[] {
  const busy: Busy[] = [];
  for (const { id, running } of sessions) {
    if (running !== null) busy.push({ id, ...running });
  }
  const since = (one: Busy) => one.since ?? Number.MAX_SAFE_INTEGER;
  return busy.sort((a, b) => since(a) - since(b)).slice(0, TOLD_SESSIONS);
}

function rowOf(one: Busy, gatewayId: string) {
  return {
    sessionId: one.id,
    gatewayId,
    statementId: one.statementId,
    sql: one.sql === null ? null : one.sql.slice(0, SQL_CHARACTERS).toWellFormed(),
    statementAt: one.since === null ? null : new Date(one.since),
    held: one.held,
    inTransaction: one.inTransaction,
    rows: one.rows,
    bytes: one.bytes,
    updatedAt: sql`UTC_TIMESTAMP(3)`,
  };
}

const ALL = {
  gatewayId: sql`VALUES(${liveSessions.gatewayId})`,
  statementId: sql`VALUES(${liveSessions.statementId})`,
  sql: sql`VALUES(${liveSessions.sql})`,
  statementAt: sql`VALUES(${liveSessions.statementAt})`,
  held: sql`VALUES(${liveSessions.held})`,
  inTransaction: sql`VALUES(${liveSessions.inTransaction})`,
  rows: sql`VALUES(${liveSessions.rows})`,
  bytes: sql`VALUES(${liveSessions.bytes})`,
  updatedAt: sql`UTC_TIMESTAMP(3)`,
};
