import { and, asc, eq, lte } from "drizzle-orm";
import type { Actor, Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { systemOnly } from "./system-only";
import { transition } from "./transition";

/** Rows of one sweep; the next one takes the rest. */
const SWEEP = 200;
const CLOCK: Actor = { kind: "system", name: "expiry" };

/** Ends requests whose time is over. Any number of processes may sweep at once: each request expires once. Returns the ids that expired here. */
export async function expireDue(ctx: Ctx, at: Date = new Date()): Promise<string[]> {
  systemOnly(ctx);
  const due = await ctx.db
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(eq(approvals.state, "pending"), lte(approvals.expiresAt, at)))
    .orderBy(asc(approvals.expiresAt))
    .limit(SWEEP);
  const expired: string[] = [];
  for (const { id } of due) {
    if (await expireOne(ctx, id, at)) expired.push(id);
  }
  return expired;
}

/** Ends this request if its time is over and nobody has decided. */
export async function expireOne(ctx: Ctx, id: string, at: Date): Promise<boolean> {
  const row = await inTransaction(ctx.db, (tx) =>
    transition(tx, CLOCK, { id, from: "pending", to: "expired", at, when: lte(approvals.expiresAt, at), note: null }),
  );
  return row !== null;
}
