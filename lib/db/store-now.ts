import { sql } from "drizzle-orm";
import type { DbOrTx } from "./client";
import { gateways } from "./schema";

/** The store's clock, which every process shares: heartbeats are compared with it and not with this machine's time. */
export async function storeNow(db: DbOrTx): Promise<Date> {
  const [row] = await db
    .select({ now: sql`UTC_TIMESTAMP(3)`.mapWith(gateways.heartbeatAt) })
    .from(sql`(SELECT 1) AS one`);
  return row?.now ?? new Date();
}
