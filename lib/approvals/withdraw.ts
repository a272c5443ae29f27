import { and, eq, gt } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals, approvalVotes } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import type { Person } from "./eligibility";
import { UNUSED } from "./grant-conditions";
import { alreadySettled, readApproval } from "./reviewing";
import { approvalObject, STAMP, transition } from "./transition";

export const withdrawalInput = z.strictObject({ id: ulidText, reason: z.string().trim().max(500).optional() });

/** `pending`: the person's vote is gone, and the request still waits. `cancelled`: nothing can run by it any more. */
export interface Withdrawn {
  readonly state: "pending" | "cancelled";
}

/**
 * Takes an approval back before it is used: a reviewer their own, an administrator any that is complete. Of a grant for a session or some
 * minutes, what is left of it. Throws FORBIDDEN, NOT_FOUND, CONFLICT when it was used, ended or settled otherwise.
 */
export async function withdraw(
  ctx: Ctx,
  input: z.input<typeof withdrawalInput>,
  at: Date = new Date(),
): Promise<Withdrawn> {
  authorise(ctx, "approvals:withdraw");
  const { actor } = ctx;
  if (actor.kind !== "person") throw new SallyportError("FORBIDDEN", "Only people withdraw approvals");
  const { id, reason } = parseInput(withdrawalInput, input, "The withdrawal");
  return inTransaction(ctx.db, async (tx) => {
    const own = await hasApproved(tx, id, actor);
    const cancelled =
      own || actor.roles.includes("admin")
        ? await transition(tx, actor, {
            id,
            from: "approved",
            to: "cancelled",
            at,
            when: and(UNUSED, gt(approvals.grantUntil, at)),
            note: reason === undefined || reason === "" ? null : reason,
            action: "approval.withdrawn",
          })
        : null;
    if (cancelled !== null) return { state: "cancelled" };
    const row = await readApproval(tx, id);
    if (row.state === "pending" && own) return withdrawVote(tx, actor, id, at);
    if (!own && (row.state === "pending" || !actor.roles.includes("admin"))) {
      throw new SallyportError("FORBIDDEN", "You have not approved this request", {
        next: "Who approved it, or an administrator once it is complete, can take the approval back",
      });
    }
    if (row.state !== "approved") throw alreadySettled(row);
    const used = row.grantUses > 0;
    throw new SallyportError(
      "CONFLICT",
      used ? "The approval has been used already" : "The approval has ended already",
      {
        next: "Nothing is left to take back",
      },
    );
  });
}

async function hasApproved(tx: DbOrTx, id: string, person: Person): Promise<boolean> {
  const [vote] = await tx
    .select({ vote: approvalVotes.vote })
    .from(approvalVotes)
    .where(and(eq(approvalVotes.approvalId, id), eq(approvalVotes.reviewerId, person.id)));
  return vote?.vote === "approve";
}

async function withdrawVote(tx: DbOrTx, person: Person, id: string, at: Date): Promise<Withdrawn> {
  const [taken] = await tx
    .update(approvals)
    .set(STAMP)
    .where(and(eq(approvals.id, id), eq(approvals.state, "pending"), gt(approvals.expiresAt, at)));
  const row = await readApproval(tx, id);
  if (taken.affectedRows === 0) throw alreadySettled(row);
  await tx
    .update(approvalVotes)
    .set({ vote: "withdrawn", scope: null, minutes: null, note: null, at })
    .where(and(eq(approvalVotes.approvalId, id), eq(approvalVotes.reviewerId, person.id)));
  await recordAudit(tx, person, {
    action: "approval.vote_withdrawn",
    object: approvalObject(row),
    connectionName: row.connectionName,
  });
  return { state: "pending" };
}
