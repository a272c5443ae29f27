import type { Db } from "@/lib/db/client";
import { upsertIdentity } from "@/lib/identities/upsert";

/** No identity provider can have it, as it is no address: no token can ever be one of a self-test. */
export const SELF_TEST_ISSUER = "sallyport:self-test";

/** The identity that sessions, statements and audit events of a connection's self-tests name. It has no groups of its own. */
export async function markedIdentity(
  db: Db,
  connection: { readonly id: string; readonly name: string },
): Promise<{ readonly id: string; readonly name: string; readonly suspended: boolean }> {
  const row = await upsertIdentity(db, {
    issuer: SELF_TEST_ISSUER,
    subject: connection.id,
    kind: "machine",
    clientId: null,
    email: null,
    name: `Self-test of ${connection.name}`,
    groups: [],
  });
  return { id: row.id, name: row.displayName, suspended: row.status === "suspended" };
}
