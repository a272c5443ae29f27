import { eq, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { gatewayFeed } from "@/lib/db/schema";

/** Tells every gateway to reload, once the caller's transaction commits. Call it in the transaction that made the change. */
export async function bumpFeed(db: DbOrTx): Promise<void> {
  await db
    .update(gatewayFeed)
    .set({ version: sql`${gatewayFeed.version} + 1` })
    .where(eq(gatewayFeed.id, 1));
}
