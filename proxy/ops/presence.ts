import { hostname } from "node:os";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Logger } from "pino";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { gateways, sessions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { HEARTBEAT_LIMIT_MS } from "@/lib/sessions/live-state";
import { markCut } from "@/lib/sessions/mark-cut";

const HEARTBEAT_MS = 2_000;
const WATCH_MS = 5_000;

export interface PresenceOptions {
  readonly db: Db;
  readonly gatewayId: string;
  /** host:port of the MySQL listener. */
  readonly address: string;
  readonly version: string;
  readonly log: Logger;
  /** Ids of the sessions that are live here, for the case that another process gave this gateway up. */
  readonly liveSessionIds: () => string[];
  readonly heartbeatMs?: number;
}

/** The gateway's row in the store: registered at start, renewed every two seconds, closed at the end. Also watches the others. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #actor: Actor;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #beating: Promise<void> = Promise.resolve();
  /** Since when the store has answered without a break; epoch milliseconds. */
  #steadySince = Number.POSITIVE_INFINITY;
  #watchedAt = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#actor = { kind: "system", name: `gateway ${options.address}` };
  }

  /** Writes the row, gives up the sessions of gateways that died before, and starts the heartbeat. Rejects when the store does not answer. */
  async start(): Promise<void> {
    const { db, gatewayId, address, version } = this.#options;
    await inTransaction(db, async (tx) => {
      const now = sql`UTC_TIMESTAMP(3)`;
      await tx.insert(gateways).values({
        id: gatewayId,
        hostname: hostname().slice(0, 255),
        pid: process.pid,
        address,
        version,
        startedAt: now,
        heartbeatAt: now,
      });
      await this.#audit(tx, "gateway.started", "Started");
    });
    this.#steadySince = Date.now();
    await markCut(db);
    this.#watchedAt = Date.now();
    this.#schedule();
  }

  /** Stops the heartbeat and closes the row. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    await this.#beating;
    const { db, gatewayId } = this.#options;
    await inTransaction(db, async (tx) => {
      await tx
        .update(gateways)
        .set({ stoppedAt: sql`UTC_TIMESTAMP(3)`, heartbeatAt: sql`UTC_TIMESTAMP(3)` })
        .where(eq(gateways.id, gatewayId));
      await this.#audit(tx, "gateway.stopped", "Stopped");
    });
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => {
        if (!this.#stopped) {
          this.#schedule();
        }
      });
    }, this.#options.heartbeatMs ?? HEARTBEAT_MS);
  }

  async #beat(): Promise<void> {
    const { db, gatewayId, log } = this.#options;
    try {
      const [result] = await db
        .update(gateways)
        .set({ heartbeatAt: sql`UTC_TIMESTAMP(3)` })
        .where(and(eq(gateways.id, gatewayId), isNull(gateways.stoppedAt)));
      if (result.affectedRows === 0) {
        await this.#comeBack();
      }
      this.#steadySince = Math.min(this.#steadySince, Date.now());
      await this.#watchOthers();
    } catch (err) {
      this.#steadySince = Number.POSITIVE_INFINITY;
      log.warn({ err }, "the heartbeat did not reach the store");
    }
  }

  /** After an outage of the store every heartbeat is old: nobody is given up before all had the time to report again. */
  async #watchOthers(): Promise<void> {
    const now = Date.now();
    if (now - this.#watchedAt < WATCH_MS || now - this.#steadySince < HEARTBEAT_LIMIT_MS) {
      return;
    }
    this.#watchedAt = now;
    const lost = await markCut(this.#options.db);
    if (lost.length > 0) {
      this.#options.log.warn(
        { gateways: lost },
        "gave up gateways that have been silent; their sessions are marked as cut",
      );
    }
  }

  /** Another process took this gateway for dead while the store was out of reach: its row and its live sessions are opened again. */
  async #comeBack(): Promise<void> {
    const { db, gatewayId, liveSessionIds, log } = this.#options;
    const live = liveSessionIds();
    await inTransaction(db, async (tx) => {
      await tx
        .update(gateways)
        .set({ stoppedAt: null, heartbeatAt: sql`UTC_TIMESTAMP(3)` })
        .where(eq(gateways.id, gatewayId));
      if (live.length > 0) {
        await tx
          .update(sessions)
          .set({ endedAt: null, endReason: null })
          .where(and(eq(sessions.gatewayId, gatewayId), inArray(sessions.id, live), eq(sessions.endReason, "cut")));
      }
      await this.#audit(tx, "gateway.started", "Came back after it had been given up");
    });
    log.warn({ sessions: live.length }, "this gateway had been given up; it is back");
  }

  #audit(tx: Parameters<typeof recordAudit>[0], action: "gateway.started" | "gateway.stopped", message: string) {
    const { gatewayId, address, version } = this.#options;
    return recordAudit(tx, this.#actor, {
      action,
      object: { kind: "gateway", id: gatewayId, name: address },
      message,
      detail: { hostname: hostname(), pid: process.pid, version },
    });
  }
}
