import { and, asc, eq, inArray, isNull, lt } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { recordingChunks } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { inTransaction } from "@/lib/db/transaction";
import { retentionByName } from "./retention-days";

/** Chunks of one transaction, and transactions of one round: what is left waits for the next one. */
const CHUNKS = 200;
const TRANSACTIONS = 100;
const DAY_MS = 86_400_000;
const RETENTION: Actor = { kind: "system", name: "retention" };

/** What one transaction removed; the audit event says the same. */
export interface Removal {
  readonly connection: string;
  readonly before: Date;
  readonly chunks: number;
  readonly bytes: number;
}

/** Chunks recorded before this instant have had their days. */
export function retentionLimit(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/**
 * Removes the bytes of recordings that are older than their connection keeps them; one round, call it every minute or so. The chunks' rows
 * stay, and each transaction's removals are covered by an audit event of that transaction: the chain can be verified as before. Several
 * consoles may do it at once: a transaction claims the chunks it removes by locking their rows, so each is removed and told of once.
 */
export async function applyRetention(db: DbOrTx, at?: Date): Promise<readonly Removal[]> {
  const now = at ?? (await storeNow(db));
  const removals: Removal[] = [];
  for (const [connection, days] of await retentionByName(db)) {
    const before = retentionLimit(now, days);
    while (removals.length < TRANSACTIONS) {
      const due = await dueChunks(db, connection, before);
      if (due.length === 0) break;
      const removal = await remove(db, connection, before, due, now);
      if (removal !== null) removals.push(removal);
      if (due.length < CHUNKS) break;
    }
  }
  return removals;
}

/** Read without locks: a range that is locked would make gateways wait that write new chunks. */
async function dueChunks(db: DbOrTx, connection: string, before: Date): Promise<string[]> {
  const rows = await db
    .select({ id: recordingChunks.id })
    .from(recordingChunks)
    .where(
      and(
        eq(recordingChunks.connectionName, connection),
        isNull(recordingChunks.expiredAt),
        lt(recordingChunks.at, before),
      ),
    )
    .orderBy(asc(recordingChunks.at))
    .limit(CHUNKS);
  return rows.map((row) => row.id);
}

function remove(
  db: DbOrTx,
  connection: string,
  before: Date,
  due: readonly string[],
  now: Date,
): Promise<Removal | null> {
  return inTransaction(db, async (tx) => {
    const claimed = await tx
      .select({ id: recordingChunks.id, bytes: recordingChunks.storedBytes })
      .from(recordingChunks)
      .where(and(inArray(recordingChunks.id, [...due]), isNull(recordingChunks.expiredAt)))
      .orderBy(asc(recordingChunks.id))
      .for("update");
    // Another console was faster.
    if (claimed.length === 0) return null;
    const ids = claimed.map((chunk) => chunk.id);
    await tx.update(recordingChunks).set({ data: null, expiredAt: now }).where(inArray(recordingChunks.id, ids));
    const bytes = claimed.reduce((sum, chunk) => sum + chunk.bytes, 0);
    await recordAudit(tx, RETENTION, {
      action: "retention.applied",
      object: { kind: "recordings", id: connection, name: connection },
      connectionName: connection,
      detail: { connection, before: before.toISOString(), chunks: claimed.length, bytes },
    });
    return { connection, before, chunks: claimed.length, bytes };
  });
}
