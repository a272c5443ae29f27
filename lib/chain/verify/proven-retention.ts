import { and, eq, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, chainBatches } from "@/lib/db/schema";
import { auditDigest } from "../digest";
import { checkSigned } from "./check-batch";
import { Problems } from "./model";
import type { RemovedChunks } from "./removed-chunks";
import type { TrustedKeys } from "./trusted-keys";

/** Believes the retention events of the connections that lack chunks, those that a signed batch has; for a part of the record only. */
export async function allowProvenRetention(db: DbOrTx, keys: TrustedKeys, removed: RemovedChunks): Promise<void> {
  if (removed.count === 0) return;
  const events = await db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, "retention.applied"))
    .orderBy(sql`${auditEvents.id} DESC`)
    .limit(10_000);
  const done = new Set<string>();
  for (const event of events) {
    // Not proven yet: it may be anything.
    const { connection, before } = event.detail ?? {};
    // Newest first: it reaches furthest.
    if (typeof connection !== "string" || typeof before !== "string" || done.has(connection)) continue;
    if (event.chainId === null || event.chainBatch === null) continue;
    const [batch] = await db
      .select()
      .from(chainBatches)
      .where(and(eq(chainBatches.chainId, event.chainId), eq(chainBatches.number, event.chainBatch)));
    const items = batch === undefined ? null : checkSigned(batch, keys, new Problems());
    const digest = auditDigest(event);
    if (items?.some((item) => item.id === event.id && item.digest.equals(digest)) !== true) continue;
    removed.allow(connection, new Date(before));
    done.add(connection);
  }
}
