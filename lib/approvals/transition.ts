import { and, eq, type SQL, sql } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema";
import type { AuditAction } from "@/lib/db/schema/audit-events";
import { SallyportError } from "@/lib/errors/error";
import { enqueueApprovalEvent } from "@/lib/notifications/enqueue";
import { type ApprovalState, isLegal } from "./states";

export type ApprovalRow = typeof approvals.$inferSelect;

/** The store's clock, for `updated_at`: marks of several processes must grow together. */
export const STORE_CLOCK = sql`UTC_TIMESTAMP(3)`;

/** Written with every change of a row. */
export const STAMP = { updatedAt: STORE_CLOCK, version: sql`${approvals.version} + 1` };

/** What each step is called in the audit trail, and whether webhooks hear of it. */
const STEPS = {
  approved: { action: "approval.approved", event: "approval.approved" },
  denied: { action: "approval.denied", event: "approval.denied" },
  expired: { action: "approval.expired", event: "approval.expired" },
  cancelled: { action: "approval.cancelled", event: null },
} as const satisfies Partial<Record<ApprovalState, { action: AuditAction; event: string | null }>>;

export interface Step {
  readonly id: string;
  readonly from: ApprovalState;
  readonly to: keyof typeof STEPS;
  readonly at: Date;
  /** What else must hold of the row at this very moment. */
  readonly when?: SQL | undefined;
  readonly set?: Partial<typeof approvals.$inferInsert>;
  readonly note: string | null;
  /** Withdrawals are told apart from cancellations. */
  readonly action?: AuditAction;
  readonly detail?: Record<string, unknown>;
}

/** The audit trail's name of an approval: what asked for it. */
export function approvalObject(row: Pick<ApprovalRow, "id" | "ruleName" | "policyName">) {
  return { kind: "approval", id: row.id, name: row.ruleName ?? row.policyName ?? "policy default" };
}

/**
 * The one way a request changes its state: a conditional update, its audit event and its messages, in the caller's transaction.
 * Resolves to the new row, or to null when it was no longer in the state it starts from: somebody else was first.
 */
export async function transition(tx: DbOrTx, actor: Actor, step: Step): Promise<ApprovalRow | null> {
  const { id, from, to, at, note } = step;
  if (!isLegal(from, to)) {
    throw new SallyportError("INTERNAL", `An approval does not go from ${from} to ${to}`);
  }
  const [result] = await tx
    .update(approvals)
    .set({
      ...STAMP,
      state: to,
      pendingKey: null,
      decidedAt: at,
      decidedById: actor.kind === "system" ? null : actor.id,
      decidedByName: actor.name.slice(0, 255),
      decisionNote: note?.slice(0, 500) ?? null,
      ...step.set,
    })
    .where(and(eq(approvals.id, id), eq(approvals.state, from), step.when));
  if (result.affectedRows === 0) return null;
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id));
  if (row === undefined) return null;
  const { action, event } = STEPS[to];
  await recordAudit(tx, actor, {
    action: step.action ?? action,
    object: approvalObject(row),
    connectionName: row.connectionName,
    ...(note === null ? {} : { message: note }),
    detail: { before: from, after: to, identity: row.identityId, statement: row.statementId, ...step.detail },
  });
  if (event !== null) await enqueueApprovalEvent(tx, event, row, at);
  return row;
}
