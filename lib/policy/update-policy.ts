import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { uniqueName } from "@/lib/connections/conflicts";
import { differences } from "@/lib/connections/differences";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { confirmChange } from "@/lib/impact/confirm-change";
import { parseInput } from "@/lib/parse-input";
import { policyImpact } from "./impact/draft";
import { limitsLoosen } from "./impact/limits-loosen";
import { policyOnlyNarrows } from "./impact/policy-narrows";
import { lockPolicy } from "./lock-policy";
import { columnsOf, contentOf, type PolicyContent } from "./policy-columns";
import { policyChange } from "./policy-input";
import { publishRevision } from "./publish-revision";

/**
 * Changes a policy: its name, whom it binds, its settings, its rules and their order. What the input leaves out stays. Decides the next
 * statement of every open session within a second; sessions of identities that it no longer binds end. CONFLICT on an old version.
 * INVALID_INPUT at `confirmation` when its impact has to be confirmed in words. `revision` is null when the input changes nothing.
 */
export async function updatePolicy(
  ctx: Ctx,
  input: z.input<typeof policyChange>,
): Promise<{ version: number; revision: number | null }> {
  authorise(ctx, "policies:edit");
  const { id, version, name, summary, learned, confirmation, ...given } = parseInput(policyChange, input, "The policy");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockPolicy(tx, id, version);
    const before = contentOf(row);
    const after: PolicyContent = {
      identities: given.identities,
      metadata: given.metadata ?? before.metadata,
      default: given.default ?? before.default,
      rules: given.rules ?? before.rules,
      ...optionalFields(given, before),
    };
    const changes = differences({ name: row.name, ...before }, { name, ...after });
    if (changes.length === 0) {
      return { version, revision: null };
    }
    const confirmed = await confirmChange(
      { ...ctx, db: tx },
      {
        draft: policyImpact(row.connectionName, row.name, { name, ...after }),
        onlyNarrows: policyOnlyNarrows({ name: row.name, ...before }, { name, ...after }),
        loosens: limitsLoosen(before, after),
        typed: confirmation,
      },
    );
    const stamp = { version: version + 1, updatedAt: new Date(), updatedBy: ctx.actor.name.slice(0, 255) };
    const change = { name, ...columnsOf(after), ...stamp };
    await uniqueName(name, "name", () => tx.update(policies).set(change).where(eq(policies.id, id)));
    await recordAudit(tx, ctx.actor, {
      action: "policy.updated",
      object: { kind: "policy", id, name },
      connectionName: row.connectionName,
      detail: { changes, ...(learned === undefined ? {} : { learned }), ...confirmed },
    });
    const revision = await publishRevision({ ...ctx, db: tx }, summary ?? `Policy ${name} changed`);
    return { version: version + 1, revision };
  });
}

/** Left out: as before. Null: none. */
function optionalFields(
  given: Pick<z.output<typeof policyChange>, "budgets" | "sudden">,
  before: PolicyContent,
): Pick<PolicyContent, "budgets" | "sudden"> {
  const budgets = given.budgets === undefined ? before.budgets : given.budgets;
  const sudden = given.sudden === undefined ? before.sudden : given.sudden;
  return {
    ...(budgets === undefined || budgets === null ? {} : { budgets }),
    ...(sudden === undefined || sudden === null ? {} : { sudden }),
  };
}
