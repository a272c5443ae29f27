import { max } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { revisions } from "@/lib/db/schema";

/** Number of the revision in force; null before the first one. In a consistent view of the store it is that view's. */
export async function newestRevision(db: DbOrTx): Promise<number | null> {
  const [row] = await db.select({ number: max(revisions.number) }).from(revisions);
  return row?.number ?? null;
}
