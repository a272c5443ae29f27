import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { confirmChange } from "@/lib/impact/confirm-change";
import { parseInput } from "@/lib/parse-input";
import { policyRemovalImpact } from "./impact/draft";
import { removalOnlyNarrows } from "./impact/policy-narrows";
import { lockPolicy } from "./lock-policy";
import { contentOf } from "./policy-columns";
import { policyRemoval } from "./policy-input";
import { publishRevision } from "./publish-revision";

/**
 * Removes a policy. Sessions of identities that no other policy binds to the connection end within a second. CONFLICT on an old version,
 * INVALID_INPUT at `confirmation` when its impact has to be confirmed in words: its denials go with it.
 */
export async function removePolicy(ctx: Ctx, input: z.input<typeof policyRemoval>): Promise<{ name: string }> {
  authorise(ctx, "policies:edit");
  const { id, version, confirmation } = parseInput(policyRemoval, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockPolicy(tx, id, version);
    const before = contentOf(row);
    const confirmed = await confirmChange(
      { ...ctx, db: tx },
      {
        draft: policyRemovalImpact(row.connectionName, row.name),
        onlyNarrows: removalOnlyNarrows(before),
        typed: confirmation,
      },
    );
    await tx.delete(policies).where(eq(policies.id, id));
    await recordAudit(tx, ctx.actor, {
      action: "policy.deleted",
      object: { kind: "policy", id, name: row.name },
      connectionName: row.connectionName,
      detail: { before, ...confirmed },
    });
    await publishRevision({ ...ctx, db: tx }, `Policy ${row.name} removed from ${row.connectionName}`);
    return { name: row.name };
  });
}
