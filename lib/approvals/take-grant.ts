import { and, asc, eq, exists, gt, or, type SQL, sql } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals, connections, identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { bindingHash, type StatementBinding, scopeHash, type TemplateBinding } from "./binding";
import { UNUSED } from "./grant-conditions";
import type { GrantScope } from "./states";
import { approvalObject, STAMP } from "./transition";

/** One execution that wants to run by an approval. */
export interface GrantBinding extends StatementBinding, TemplateBinding {
  readonly sessionId: string;
  readonly statementId: string;
}

export interface TakenGrant {
  readonly approvalId: string;
  readonly scope: GrantScope;
  readonly until: Date;
  /** This use included. */
  readonly uses: number;
  /** Who approved, for the record of the statement. */
  readonly approvedBy: string | null;
}

/**
 * Takes the grant under which this execution may run, or resolves to null: there is none, or somebody else just used it. A released
 * statement and a retry take the same grant, so that only one of them runs. Uses are counted and audited before anything runs. The
 * policy is not looked at: the gateway decides again, and a deny wins.
 */
export async function takeGrant(ctx: Ctx, binding: GrantBinding, at: Date = new Date()): Promise<TakenGrant | null> {
  const scoped = and(
    eq(approvals.scopeHash, scopeHash(binding)),
    or(
      eq(approvals.grantScope, "minutes"),
      and(eq(approvals.grantScope, "session"), eq(approvals.grantSessionId, binding.sessionId)),
    ),
  );
  const exact = and(eq(approvals.bindingHash, bindingHash(binding)), eq(approvals.grantScope, "once"));
  // Scoped grants first: they do not wear out.
  return (await takeOneOf(ctx, binding, scoped, at)) ?? (await takeOneOf(ctx, binding, exact, at));
}

/** What must hold at the moment of use; suspended identities and deleted connections have no grants. */
function usable(db: DbOrTx, at: Date): SQL | undefined {
  return and(
    eq(approvals.state, "approved"),
    gt(approvals.grantUntil, at),
    UNUSED,
    exists(
      db
        .select({ one: sql`1` })
        .from(identities)
        .where(and(eq(identities.id, approvals.identityId), eq(identities.status, "active"))),
    ),
    exists(db.select({ one: sql`1` }).from(connections).where(eq(connections.id, approvals.connectionId))),
  );
}

async function takeOneOf(
  ctx: Ctx,
  binding: GrantBinding,
  which: SQL | undefined,
  at: Date,
): Promise<TakenGrant | null> {
  const candidates = await ctx.db
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(which, usable(ctx.db, at)))
    .orderBy(asc(approvals.id));
  for (const { id } of candidates) {
    const taken = await inTransaction(ctx.db, (tx) => take({ ...ctx, db: tx }, binding, id, at));
    if (taken !== null) return taken;
  }
  return null;
}

async function take(ctx: Ctx, binding: GrantBinding, id: string, at: Date): Promise<TakenGrant | null> {
  const tx = ctx.db;
  const [used] = await tx
    .update(approvals)
    .set({ ...STAMP, grantUses: sql`${approvals.grantUses} + 1`, grantUsedAt: at })
    .where(and(eq(approvals.id, id), usable(tx, at)));
  if (used.affectedRows === 0) return null;
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id));
  if (row === undefined || row.grantScope === null || row.grantUntil === null) return null;
  await recordAudit(tx, ctx.actor, {
    action: "approval.used",
    object: approvalObject(row),
    connectionName: row.connectionName,
    detail: {
      statement: binding.statementId,
      session: binding.sessionId,
      scope: row.grantScope,
      uses: row.grantUses,
      approvedBy: row.decidedById,
    },
  });
  return {
    approvalId: id,
    scope: row.grantScope,
    until: row.grantUntil,
    uses: row.grantUses,
    approvedBy: row.decidedByName,
  };
}
