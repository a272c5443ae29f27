import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { identities } from "@/lib/db/schema";
import { SELF_TEST_ISSUER } from "./marked-identity";

/** Ids of the identities that self-tests run under, one per connection: what they sent is nobody's traffic. */
export async function selfTestIds(db: DbOrTx): Promise<readonly string[]> {
  const rows = await db.select({ id: identities.id }).from(identities).where(eq(identities.issuer, SELF_TEST_ISSUER));
  return rows.map((row) => row.id);
}
