import { and, eq } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { approvals, identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { enqueueApprovalEvent } from "@/lib/notifications/enqueue";
import { bindingHash, scopeHash } from "./binding";
import { MAX_EARLIER_STATEMENTS } from "./context";
import { expireOne } from "./expire-due";
import { approvalObject, STAMP } from "./transition";

type Written =
  | "id"
  | "state"
  | "bindingHash"
  | "scopeHash"
  | "pendingKey"
  | "ownerId"
  | "requestedAt"
  | "expiresAt"
  | "parameters"
  | "earlier"
  | "decidedAt"
  | "decidedById"
  | "decidedByName"
  | "decisionNote"
  | "grantScope"
  | "grantUntil"
  | "grantSessionId"
  | "grantUses"
  | "grantUsedAt"
  | "updatedAt"
  | "version";

/** What a person is asked to decide on: one statement of one identity, exactly as it would run, and what to know of it. */
export interface ApprovalRequest extends Omit<typeof approvals.$inferInsert, Written> {
  readonly parameters: readonly unknown[];
  readonly earlier?: typeof approvals.$inferInsert.earlier;
  readonly expiresMinutes: number;
}

/** Times an insert may find that another request of the same binding was first, or is just ending. */
const ATTEMPTS = 5;

/**
 * Records a request for approval, its audit event and its messages. The identical request that is still open is not repeated: its id
 * comes back, and where nobody waited for it any more, this client now does.
 */
export async function requestApproval(ctx: Ctx, request: ApprovalRequest, at: Date = new Date()): Promise<string> {
  const key = bindingHash(request);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const open = await openRequest(ctx.db, key);
    if (open !== undefined && open.expiresAt > at) {
      if (request.holdState === "held" && open.holdState !== "held") await holdAgain(ctx, open.id, request);
      return open.id;
    }
    if (open !== undefined) await expireOne(ctx, open.id, at);
    try {
      return await inTransaction(ctx.db, (tx) => insertRequest({ ...ctx, db: tx }, request, key, at));
    } catch (error) {
      if (dbErrno(error) !== DB_ERRNO.duplicate) throw error;
    }
  }
  throw new SallyportError("UNAVAILABLE", "The request for approval could not be recorded", {
    next: "Try again in a moment",
  });
}

async function openRequest(db: DbOrTx, key: string) {
  const [open] = await db
    .select({ id: approvals.id, expiresAt: approvals.expiresAt, holdState: approvals.holdState })
    .from(approvals)
    .where(and(eq(approvals.pendingKey, key), eq(approvals.state, "pending")));
  return open;
}

async function insertRequest(ctx: Ctx, request: ApprovalRequest, key: string, at: Date): Promise<string> {
  const { expiresMinutes, parameters, earlier, ...values } = request;
  const tx = ctx.db;
  const [asking] = await tx
    .select({ ownerId: identities.ownerId })
    .from(identities)
    .where(eq(identities.id, request.identityId));
  const id = newId();
  await tx.insert(approvals).values({
    ...values,
    id,
    state: "pending",
    parameters: [...parameters],
    earlier: earlier?.slice(-MAX_EARLIER_STATEMENTS) ?? null,
    ownerId: asking?.ownerId ?? null,
    bindingHash: key,
    pendingKey: key,
    scopeHash: scopeHash(request),
    requestedAt: at,
    expiresAt: new Date(at.getTime() + expiresMinutes * 60_000),
    updatedAt: STAMP.updatedAt,
  });
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id));
  if (row === undefined) throw new SallyportError("INTERNAL", "The request that was just written is gone");
  await recordAudit(tx, ctx.actor, {
    action: "approval.requested",
    object: approvalObject(row),
    connectionName: request.connectionName,
    detail: { session: request.sessionId, statement: request.statementId, reason: request.reason },
  });
  await enqueueApprovalEvent(tx, "approval.requested", row, at);
  return id;
}

/** The context is what the newest waiting client was doing; what is approved stays the same. */
async function holdAgain(ctx: Ctx, id: string, request: ApprovalRequest): Promise<void> {
  const { sessionId, statementId, gatewayId, holdUntil, clientProgram, purpose, transaction } = request;
  await ctx.db
    .update(approvals)
    .set({
      ...STAMP,
      holdState: "held",
      sessionId,
      statementId,
      gatewayId: gatewayId ?? null,
      holdUntil: holdUntil ?? null,
      clientProgram: clientProgram ?? null,
      purpose: purpose ?? null,
      transaction: transaction ?? null,
      earlier: request.earlier?.slice(-MAX_EARLIER_STATEMENTS) ?? null,
    })
    .where(and(eq(approvals.id, id), eq(approvals.state, "pending"), eq(approvals.holdState, "retry_only")));
}
