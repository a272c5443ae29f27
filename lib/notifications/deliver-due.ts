import { and, asc, eq, lte } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { webhookDeliveries, webhooks } from "@/lib/db/schema";
import { type Attempt, attemptDelivery, type DeliveryParts } from "./attempt";

/** Messages of one round, all sent at once. */
const ROUND = 20;

/**
 * Sends what is due: one round; call it every second or so. Several consoles may call it at once: each message is claimed by one of them, by a
 * conditional update. A console that dies in between leaves its message to the others once the claim is over: at least once, never lost.
 */
export async function deliverDue(db: DbOrTx, parts: DeliveryParts, at: Date = new Date()): Promise<readonly Attempt[]> {
  const due = await db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(and(eq(webhookDeliveries.status, "pending"), lte(webhookDeliveries.nextAt, at), eq(webhooks.enabled, true)))
    .orderBy(asc(webhookDeliveries.nextAt))
    .limit(ROUND);
  const attempts = await Promise.all(due.map(({ id }) => attemptDelivery(db, id, parts, at)));
  return attempts.filter((attempt) => attempt !== null);
}
