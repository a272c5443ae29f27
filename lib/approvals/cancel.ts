import { and, eq, inArray, or } from "drizzle-orm";
import type { Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { UNUSED } from "./grant-conditions";
import { transition } from "./transition";

/** Whose requests and grants end. */
export type CancelTarget =
  | { readonly identity: string }
  | { readonly connection: string }
  | { readonly session: string };

function targetOf(target: CancelTarget) {
  if ("identity" in target) return eq(approvals.identityId, target.identity);
  if ("connection" in target) return eq(approvals.connectionId, target.connection);
  return eq(approvals.sessionId, target.session);
}

/**
 * Ends all open requests and unused grants of what can no longer use them: a suspended identity, a deleted connection, a session that a
 * person killed. Part of the verb that does so, in its transaction; the actor is who did it. Returns the ids.
 */
export async function cancelApprovals(
  ctx: Ctx,
  target: CancelTarget,
  reason: string,
  at: Date = new Date(),
): Promise<string[]> {
  return inTransaction(ctx.db, async (tx) => {
    const open = await tx
      .select({ id: approvals.id, state: approvals.state })
      .from(approvals)
      .where(
        and(
          targetOf(target),
          inArray(approvals.state, ["pending", "approved"]),
          or(eq(approvals.state, "pending"), UNUSED),
        ),
      );
    const cancelled: string[] = [];
    for (const { id, state } of open) {
      const row = await transition(tx, ctx.actor, {
        id,
        from: state,
        to: "cancelled",
        at,
        note: reason,
        when: state === "approved" ? UNUSED : undefined,
      });
      if (row !== null) cancelled.push(id);
    }
    return cancelled;
  });
}

type Address = { readonly host: string; readonly port: number };

/** `cancelApprovals` when a connection now leads to another server: what people decided on was to run on the old one. */
export async function cancelMoved(ctx: Ctx, connection: string, before: Address, after: Address): Promise<void> {
  if (before.host === after.host && before.port === after.port) return;
  await cancelApprovals(ctx, { connection }, `The connection now leads to ${after.host}:${after.port}`);
}

/** `cancelApprovals` for a session that ended against its client's will. A client that only went away: `markRetryOnly`. */
export function cancelForSession(ctx: Ctx, sessionId: string, reason: string): Promise<string[]> {
  return cancelApprovals(ctx, { session: sessionId }, reason);
}
