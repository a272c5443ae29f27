import { and, eq, gt } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type Person, requestFacts, reviewerOf, whyNotDecide } from "./eligibility";
import { APPROVAL_STATE_LABELS } from "./states";
import { type ApprovalRow, approvalObject, STAMP } from "./transition";

const moment = (at: Date) => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Lets people with the reviewer role pass; not administrators, not the system, not machines. Throws FORBIDDEN. */
export function requireReviewer(ctx: Ctx): Person {
  authorise(ctx, "approvals:decide");
  if (ctx.actor.kind !== "person") {
    throw new SallyportError("FORBIDDEN", "Only people decide on approvals");
  }
  return ctx.actor;
}

/** Reads and locks a request as it is at this moment, whatever the transaction saw before. Throws NOT_FOUND. */
export async function readApproval(tx: DbOrTx, id: string): Promise<ApprovalRow> {
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id)).for("update");
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such approval", { next: "Go back to the list" });
  }
  return row;
}

/** What to tell somebody who came too late: who was first, when, and what they said. */
export function alreadySettled(row: ApprovalRow): SallyportError {
  const next = "Nothing is left to decide; reload the page to see what became of it";
  if (row.state === "pending" || row.state === "expired") {
    return new SallyportError("CONFLICT", `This request expired at ${moment(row.expiresAt)}`, { next });
  }
  const verb = row.state === "approved" || row.state === "denied" ? row.state : "withdrew";
  const who = `${row.decidedByName ?? "Somebody"} ${verb} this request`;
  const when = row.decidedAt === null ? "" : ` at ${moment(row.decidedAt)}`;
  const why = row.decisionNote === null ? "" : `: ${row.decisionNote}`;
  return new SallyportError("CONFLICT", `${who}${when}${why}`, { next });
}

/**
 * Takes the request for this transaction while it is pending, by a conditional update: whoever comes second waits, then learns who was
 * first. Then checks that the actor may decide on it. Throws NOT_FOUND, CONFLICT, FORBIDDEN. Returns how many approvals it needs, and whose
 * do not count.
 */
export async function takePending(
  ctx: Ctx,
  id: string,
  at: Date,
): Promise<{ readonly required: number; readonly barred: readonly string[] }> {
  const tx = ctx.db;
  const [taken] = await tx
    .update(approvals)
    .set(STAMP)
    .where(and(eq(approvals.id, id), eq(approvals.state, "pending"), gt(approvals.expiresAt, at)));
  if (taken.affectedRows === 0) throw alreadySettled(await readApproval(tx, id));
  const facts = await requestFacts(tx, id);
  if (facts === null) throw new SallyportError("NOT_FOUND", "There is no such approval");
  const why = whyNotDecide({ reviewer: await reviewerOf(ctx), ...facts });
  if (why !== null) {
    throw new SallyportError("FORBIDDEN", `You may not decide on this request: ${why}`, {
      next: "Another reviewer has to decide",
    });
  }
  return { required: facts.required, barred: [facts.requesterId, ...facts.ownerIds].filter((one) => one !== null) };
}

/** Runs a decision; one that is refused to a reviewer for whom it is stays on record, after its transaction is gone. */
export async function refusalsOnRecord<T>(ctx: Ctx, id: string, decide: () => Promise<T>): Promise<T> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof SallyportError && error.code === "FORBIDDEN") {
      const [row] = await ctx.db.select().from(approvals).where(eq(approvals.id, id));
      if (row !== undefined) {
        await recordAudit(ctx.db, ctx.actor, {
          action: "approval.refused",
          result: "refused",
          code: error.code,
          object: approvalObject(row),
          connectionName: row.connectionName,
          message: error.message,
          detail: { state: APPROVAL_STATE_LABELS[row.state] },
        });
      }
    }
    throw error;
  }
}
