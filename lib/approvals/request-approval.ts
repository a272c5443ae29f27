import { createHash } from "node:crypto";
import { and, eq, gt } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";

/** What a person is asked to decide on: one statement of one identity, exactly as it would run. */
export interface ApprovalRequest
  extends Omit<
    typeof approvals.$inferInsert,
    "id" | "state" | "bindingHash" | "requestedAt" | "expiresAt" | "version" | "parameters"
  > {
  readonly parameters: readonly unknown[];
  readonly expiresMinutes: number;
}

/** SHA-256 over everything that a retry must equal; hex. */
export function bindingHash(request: ApprovalRequest): string {
  const { connectionId, identityId, defaultSchema, sessionFingerprint, sql, parameters } = request;
  const bound = [connectionId, identityId, defaultSchema ?? null, sessionFingerprint, sql, parameters];
  return createHash("sha256").update(JSON.stringify(bound)).digest("hex");
}

/** Records a request for approval, and its audit event. The identical request that is still open is not repeated: its id comes back. */
export async function requestApproval(ctx: Ctx, request: ApprovalRequest, at: Date = new Date()): Promise<string> {
  const { expiresMinutes, parameters, ...values } = request;
  const hash = bindingHash(request);
  return inTransaction(ctx.db, async (tx) => {
    const [open] = await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(and(eq(approvals.bindingHash, hash), eq(approvals.state, "pending"), gt(approvals.expiresAt, at)))
      .limit(1)
      .for("update");
    if (open !== undefined) {
      return open.id;
    }
    const id = newId();
    await tx.insert(approvals).values({
      ...values,
      id,
      state: "pending",
      parameters: [...parameters],
      bindingHash: hash,
      requestedAt: at,
      expiresAt: new Date(at.getTime() + expiresMinutes * 60_000),
    });
    await recordAudit(tx, ctx.actor, {
      action: "approval.requested",
      object: { kind: "approval", id, name: request.ruleName ?? request.policyName ?? "policy default" },
      connectionName: request.connectionName,
      detail: { session: request.sessionId, statement: request.statementId, reason: request.reason },
    });
    return id;
  });
}
