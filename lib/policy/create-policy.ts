import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { lockConnection, uniqueName } from "@/lib/connections/conflicts";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { newPolicy } from "./policy-input";
import { publishRevision } from "./publish-revision";

/** Lets identities connect: a new policy on a connection, in force at every gateway within a second. */
export async function createPolicy(
  ctx: Ctx,
  input: z.input<typeof newPolicy>,
): Promise<{ id: string; version: number }> {
  authorise(ctx, "policies:edit");
  const given = parseInput(newPolicy, input, "The policy");
  const id = newId();
  return inTransaction(ctx.db, async (tx) => {
    const connection = await lockConnection(tx, given.connectionId);
    const now = new Date();
    await uniqueName(given.name, "name", () =>
      tx.insert(policies).values({ ...given, id, createdAt: now, updatedAt: now, updatedBy: ctx.actor.name }),
    );
    await recordAudit(tx, ctx.actor, {
      action: "policy.created",
      object: { kind: "policy", id, name: given.name },
      connectionName: connection.name,
      detail: { after: { identities: given.identities } },
    });
    await publishRevision({ ...ctx, db: tx }, `Policy ${given.name} created on ${connection.name}`);
    return { id, version: 1 };
  });
}
