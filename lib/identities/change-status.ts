import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { cancelApprovals } from "@/lib/approvals/cancel";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { bumpFeed } from "@/lib/policy/bump-feed";

/** The one place where an identity's status changes: active <-> suspended. */
const CHANGES = {
  suspend: { from: "active", to: "suspended", action: "identity.suspended" },
  reactivate: { from: "suspended", to: "active", action: "identity.reactivated" },
} as const;

export const statusChange = z.strictObject({
  id: z.ulid(),
  reason: z.string().trim().min(1, "say why; it is kept in the audit log").max(500),
});
export type StatusChange = z.output<typeof statusChange>;

/**
 * Changes the status, writes the audit event and tells the gateways, in one transaction.
 * Throws FORBIDDEN, NOT_FOUND, or CONFLICT when the identity is in the target status already or is the actor's own.
 */
export async function changeStatus(ctx: Ctx, input: StatusChange, change: keyof typeof CHANGES): Promise<void> {
  authorise(ctx, "identities:edit");
  const { id, reason } = parseInput(statusChange, input, "The status change");
  const { from, to, action } = CHANGES[change];
  const { actor } = ctx;
  if (actor.kind !== "system" && actor.id === id) {
    throw new SallyportError("CONFLICT", `You cannot ${change} yourself`, { next: "Ask another administrator" });
  }
  await inTransaction(ctx.db, async (tx) => {
    const [result] = await tx
      .update(identities)
      .set({ status: to, statusReason: reason, statusChangedBy: actor.name, statusChangedAt: new Date() })
      .where(and(eq(identities.id, id), eq(identities.status, from)));
    const [row] = await tx.select().from(identities).where(eq(identities.id, id));
    if (row === undefined) {
      throw new SallyportError("NOT_FOUND", "There is no such identity");
    }
    if (result.affectedRows === 0) {
      throw new SallyportError("CONFLICT", `${row.displayName} is ${row.status} already`, {
        next: "Reload the page: someone else changed it",
      });
    }
    await recordAudit(tx, actor, {
      action,
      object: { kind: "identity", id, name: row.displayName },
      message: reason,
      detail: { before: from, after: to },
    });
    if (to === "suspended") {
      await cancelApprovals({ ...ctx, db: tx }, { identity: id }, `${row.displayName} was suspended`);
    }
    await bumpFeed(tx);
  });
}
