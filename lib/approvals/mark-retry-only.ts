import { and, eq, inArray } from "drizzle-orm";
import { auditRow, recordAuditRows } from "@/lib/audit/record";
import type { Actor, Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { systemOnly } from "./system-only";
import { approvalObject, STAMP } from "./transition";

/** Whose clients no longer wait: single statements, a session that ended, a gateway that stopped or died. */
export type WaitTarget =
  | { readonly statements: readonly string[] }
  | { readonly session: string }
  | { readonly gateway: string };

function targetOf(target: WaitTarget) {
  if ("statements" in target) return inArray(approvals.statementId, [...target.statements]);
  if ("session" in target) return eq(approvals.sessionId, target.session);
  return eq(approvals.gatewayId, target.gateway);
}

/**
 * Notes that nobody waits for these requests any more: held too long, client gone, gateway gone. They can still be decided, for a retry.
 * Idempotent, for the system only. Returns the ids of the requests that were held until now.
 */
export async function markRetryOnly(ctx: Ctx, target: WaitTarget): Promise<string[]> {
  systemOnly(ctx);
  return inTransaction(ctx.db, (tx) => clientsGone(tx, ctx.actor, target));
}

/** The same as part of another verb, in its transaction. */
export async function clientsGone(tx: DbOrTx, actor: Actor, target: WaitTarget): Promise<string[]> {
  if ("statements" in target && target.statements.length === 0) return [];
  const waiting = and(eq(approvals.state, "pending"), eq(approvals.holdState, "held"), targetOf(target));
  const rows = await tx.select().from(approvals).where(waiting).for("update");
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  await tx
    .update(approvals)
    .set({ ...STAMP, holdState: "retry_only" })
    .where(inArray(approvals.id, ids));
  await recordAuditRows(
    tx,
    rows.map((row) =>
      auditRow(actor, {
        action: "approval.client_gone",
        object: approvalObject(row),
        connectionName: row.connectionName,
        detail: { session: row.sessionId, statement: row.statementId },
      }),
    ),
  );
  return ids;
}
