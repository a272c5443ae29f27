import { eq } from "drizzle-orm";
import { changedMeanwhile } from "@/lib/connections/conflicts";
import type { DbOrTx } from "@/lib/db/client";
import { connections, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";

/**
 * Reads and locks a policy with its connection's name. NOT_FOUND when it is gone, CONFLICT when it is no longer at `version`.
 * Call it inside a transaction.
 */
export async function lockPolicy(
  tx: DbOrTx,
  id: string,
  version: number,
): Promise<typeof policies.$inferSelect & { readonly connectionName: string }> {
  const [row] = await tx
    .select({ policy: policies, connectionName: connections.name })
    .from(policies)
    .innerJoin(connections, eq(policies.connectionId, connections.id))
    .where(eq(policies.id, id))
    .for("update");
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such policy", {
      next: "Someone may have removed it; reload the page",
    });
  }
  if (row.policy.version !== version) {
    throw changedMeanwhile(`the policy ${row.policy.name}`, row.policy);
  }
  return { ...row.policy, connectionName: row.connectionName };
}
