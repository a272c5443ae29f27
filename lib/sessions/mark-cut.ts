import { and, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import { clientsGone } from "@/lib/approvals/mark-retry-only";
import { recordAudit } from "@/lib/audit/record";
import type { DbOrTx } from "@/lib/db/client";
import { gateways, sessions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { HEARTBEAT_LIMIT_MS } from "./live-state";

/**
 * Finds gateways that died without saying so, ends their open sessions as `cut` at the last heartbeat, and writes one gateway.lost
 * event each. By the store's clock; when several processes look at once, one of them does it. Returns the ids of the gateways it marked.
 */
export async function markCut(db: DbOrTx): Promise<string[]> {
  const silent = and(
    isNull(gateways.stoppedAt),
    lt(gateways.heartbeatAt, sql`UTC_TIMESTAMP(3) - INTERVAL ${HEARTBEAT_LIMIT_MS / 1000} SECOND`),
  );
  const candidates = await db
    .select({ id: gateways.id, heartbeatAt: gateways.heartbeatAt })
    .from(gateways)
    .where(silent);
  const marked: string[] = [];
  for (const { id } of candidates) {
    if (await inTransaction(db, (tx) => cutGateway(tx, id, silent))) {
      marked.push(id);
    }
  }
  return marked;
}

/** Marks one gateway as dead, if it is in that condition, in the caller's transaction. Returns whether it was. */
export async function cutGateway(tx: DbOrTx, id: string, condition: SQL | undefined): Promise<boolean> {
  const [won] = await tx
    .update(gateways)
    .set({ stoppedAt: sql`${gateways.heartbeatAt}` })
    .where(and(eq(gateways.id, id), condition));
  if (won.affectedRows === 0) {
    return false;
  }
  const [gateway] = await tx.select().from(gateways).where(eq(gateways.id, id));
  if (gateway === undefined) {
    return false;
  }
  const [ended] = await tx
    .update(sessions)
    .set({
      endedAt: sql`GREATEST(${sessions.startedAt}, ${sql.param(gateway.heartbeatAt, gateways.heartbeatAt)})`,
      endReason: "cut",
    })
    .where(and(eq(sessions.gatewayId, id), isNull(sessions.endedAt)));
  const watch = { kind: "system", name: "gateway watch" } as const;
  await clientsGone(tx, watch, { gateway: id });
  await recordAudit(tx, watch, {
    action: "gateway.lost",
    result: "failed",
    object: { kind: "gateway", id, name: gateway.address },
    message: `No sign of life since ${gateway.heartbeatAt.toISOString()}`,
    detail: { hostname: gateway.hostname, pid: gateway.pid, cutSessions: ended.affectedRows },
  });
  return true;
}
