import { and, eq, gte } from "drizzle-orm";
import { namesOfNamed } from "@/lib/connections/names-of";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { LONGEST_IMPACT } from "@/lib/policy/impact/draft";

/**
 * Without any statement on record there is nothing to foresee: a connection's first policy needs no words. What was recorded under one of
 * its names counts, also that of another connection which had the name: to tell them apart could take a look at millions of statements.
 */
export async function anythingRecorded(db: DbOrTx, name: string): Promise<boolean> {
  const since = firstIdAt(new Date(Date.now() - LONGEST_IMPACT * 86_400_000));
  for (const one of await namesOfNamed(db, name)) {
    const [row] = await db
      .select({ id: statements.id })
      .from(statements)
      .where(and(eq(statements.connectionName, one), gte(statements.id, since)))
      .limit(1);
    if (row !== undefined) return true;
  }
  return false;
}
