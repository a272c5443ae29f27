import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { lockConnection, uniqueName } from "@/lib/connections/conflicts";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { confirmChange } from "@/lib/impact/confirm-change";
import { parseInput } from "@/lib/parse-input";
import { policyImpact } from "./impact/draft";
import { policyOnlyNarrows } from "./impact/policy-narrows";
import { columnsOf } from "./policy-columns";
import { newPolicy } from "./policy-input";
import { publishRevision } from "./publish-revision";

/**
 * Creates a policy on a connection: who may connect, and what they may do there. In force at every gateway within a second. INVALID_INPUT at
 * `confirmation` when its impact has to be confirmed in words.
 */
export async function createPolicy(
  ctx: Ctx,
  input: z.input<typeof newPolicy>,
): Promise<{ id: string; version: number; revision: number }> {
  authorise(ctx, "policies:edit");
  const { name, connectionId, summary, learned, confirmation, ...content } = parseInput(newPolicy, input, "The policy");
  const id = newId();
  return inTransaction(ctx.db, async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    const confirmed = await confirmChange(
      { ...ctx, db: tx },
      {
        draft: policyImpact(connection.name, null, { name, ...content }),
        onlyNarrows: policyOnlyNarrows(null, { name, ...content }),
        typed: confirmation,
      },
    );
    const now = new Date();
    const stamp = { createdAt: now, updatedAt: now, updatedBy: ctx.actor.name.slice(0, 255) };
    await uniqueName(name, "name", () =>
      tx.insert(policies).values({ id, name, connectionId, ...columnsOf(content), ...stamp }),
    );
    await recordAudit(tx, ctx.actor, {
      action: "policy.created",
      object: { kind: "policy", id, name },
      connectionName: connection.name,
      detail: { after: content, ...(learned === undefined ? {} : { learned }), ...confirmed },
    });
    const said = summary ?? `Policy ${name} created on ${connection.name}`;
    return { id, version: 1, revision: await publishRevision({ ...ctx, db: tx }, said) };
  });
}
