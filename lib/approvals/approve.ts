import { and, eq, notInArray } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvalVotes, identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { type AgreedGrant, agreedGrant, MAX_GRANT_MINUTES } from "./agreed-grant";
import { castVote } from "./cast-vote";
import type { Person } from "./eligibility";
import { readApproval, refusalsOnRecord, requireReviewer, takePending } from "./reviewing";
import { type ApprovalRow, approvalObject, transition } from "./transition";

export const approvalInput = z.strictObject({
  id: ulidText,
  scope: z.union([
    z.enum(["once", "session"]),
    z.strictObject({ minutes: z.int().min(1).max(MAX_GRANT_MINUTES, "at most a day") }),
  ]),
  note: z.string().trim().max(500).optional(),
});

/** `pending`: more people have to approve. */
export type Approved =
  | { readonly state: "pending"; readonly given: number; readonly required: number }
  | { readonly state: "approved"; readonly given: number; readonly required: number; readonly grant: AgreedGrant };

/**
 * One reviewer's approval. The last one that is needed approves the request and makes its grant. Throws FORBIDDEN (not a reviewer of it,
 * or their own), NOT_FOUND, CONFLICT with who decided when somebody else was first or the person approved already.
 */
export async function approve(
  ctx: Ctx,
  input: z.input<typeof approvalInput>,
  at: Date = new Date(),
): Promise<Approved> {
  const reviewer = requireReviewer(ctx);
  const given = parseInput(approvalInput, input, "The approval");
  return refusalsOnRecord(ctx, given.id, () =>
    inTransaction(ctx.db, async (tx) => {
      const { required, barred } = await takePending({ ...ctx, db: tx }, given.id, at);
      const row = await readApproval(tx, given.id);
      const scope = typeof given.scope === "string" ? given.scope : "minutes";
      const minutes = typeof given.scope === "string" ? null : given.scope.minutes;
      const note = given.note === undefined || given.note === "" ? null : given.note;
      if (!(await castVote(tx, row.id, reviewer, { vote: "approve", scope, minutes, note, at }))) {
        throw new SallyportError("CONFLICT", "You have approved this request already", {
          next: `It needs ${required} people: another reviewer has to approve too`,
        });
      }
      const votes = await countedVotes(tx, row.id, barred);
      if (votes.length < required) {
        await recordVote(tx, reviewer, row, note, { scope, minutes, given: votes.length, required });
        return { state: "pending", given: votes.length, required };
      }
      const grant = agreedGrant(votes, row.expiresAt, at);
      const approved = await transition(tx, reviewer, {
        id: row.id,
        from: "pending",
        to: "approved",
        at,
        note,
        set: {
          grantScope: grant.scope,
          grantUntil: grant.until,
          grantSessionId: grant.scope === "session" ? row.sessionId : null,
        },
        detail: { scope: grant.scope, until: grant.until.toISOString(), approvers: votes.map((vote) => vote.name) },
      });
      if (approved === null) throw new SallyportError("INTERNAL", "The request changed while it was held");
      return { state: "approved", given: votes.length, required, grant };
    }),
  );
}

/** Approvals that count now: not of people who were suspended since, or became the owner of what asked. */
function countedVotes(tx: DbOrTx, approvalId: string, barred: readonly string[]) {
  return tx
    .select({ name: approvalVotes.reviewerName, scope: approvalVotes.scope, minutes: approvalVotes.minutes })
    .from(approvalVotes)
    .innerJoin(identities, eq(identities.id, approvalVotes.reviewerId))
    .where(
      and(
        eq(approvalVotes.approvalId, approvalId),
        eq(approvalVotes.vote, "approve"),
        eq(identities.status, "active"),
        notInArray(approvalVotes.reviewerId, [...barred]),
      ),
    );
}

function recordVote(
  tx: DbOrTx,
  reviewer: Person,
  row: ApprovalRow,
  note: string | null,
  detail: Record<string, unknown>,
): Promise<string> {
  return recordAudit(tx, reviewer, {
    action: "approval.voted",
    object: approvalObject(row),
    connectionName: row.connectionName,
    ...(note === null ? {} : { message: note }),
    detail,
  });
}
