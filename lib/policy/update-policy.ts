import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { uniqueName } from "@/lib/connections/conflicts";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { lockPolicy } from "./lock-policy";
import { policyChange } from "./policy-input";
import { publishRevision } from "./publish-revision";

/** Changes a policy's name and who it binds. Sessions of identities that it no longer binds end within a second. CONFLICT on an old version. */
export async function updatePolicy(ctx: Ctx, input: z.input<typeof policyChange>): Promise<{ version: number }> {
  authorise(ctx, "policies:edit");
  const { id, version, name, identities } = parseInput(policyChange, input, "The policy");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockPolicy(tx, id, version);
    if (row.name === name && JSON.stringify(row.identities) === JSON.stringify(identities)) {
      return { version };
    }
    const change = { name, identities, version: version + 1, updatedAt: new Date(), updatedBy: ctx.actor.name };
    await uniqueName(name, "name", () => tx.update(policies).set(change).where(eq(policies.id, id)));
    await recordAudit(tx, ctx.actor, {
      action: "policy.updated",
      object: { kind: "policy", id, name },
      connectionName: row.connectionName,
      detail: { before: { name: row.name, identities: row.identities }, after: { name, identities } },
    });
    await publishRevision({ ...ctx, db: tx }, `Policy ${name} changed`);
    return { version: version + 1 };
  });
}
