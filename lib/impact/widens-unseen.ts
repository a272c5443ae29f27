import { eq } from "drizzle-orm";
import type { ConnectionRef } from "@/lib/connections/names-of";
import type { DbOrTx } from "@/lib/db/client";
import { masks, policies } from "@/lib/db/schema";
import { anythingRecorded } from "./anything-recorded";

/**
 * Whether a change of the connection that no impact tells of (`changesUnseen`) has to be confirmed in words: it has policies or masks,
 * and somebody works on it.
 */
export async function widensUnseen(db: DbOrTx, { id, name }: ConnectionRef): Promise<boolean> {
  for (const table of [policies, masks]) {
    const [row] = await db.select({ id: table.id }).from(table).where(eq(table.connectionId, id)).limit(1);
    if (row !== undefined) return anythingRecorded(db, name);
  }
  return false;
}
