import { and, inArray, lte, ne, or } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import type { ApprovalState } from "./states";

/** How a request that was in somebody's queue ended. */
export interface Settled {
  readonly id: string;
  readonly state: Exclude<ApprovalState, "pending">;
  readonly decidedById: string | null;
  readonly decidedByName: string | null;
  readonly note: string | null;
}

/** Of these requests the ones that no longer wait, with who ended them. Throws FORBIDDEN. */
export async function whatBecame(ctx: Ctx, ids: readonly string[], at: Date = new Date()): Promise<Settled[]> {
  authorise(ctx, "approvals:view");
  if (ids.length === 0) return [];
  const rows = await ctx.db
    .select({
      id: approvals.id,
      state: approvals.state,
      decidedById: approvals.decidedById,
      decidedByName: approvals.decidedByName,
      note: approvals.decisionNote,
    })
    .from(approvals)
    .where(and(inArray(approvals.id, [...ids]), or(ne(approvals.state, "pending"), lte(approvals.expiresAt, at))));
  // Time is over a moment before a sweep says so.
  return rows.map(({ state, ...row }) => ({ ...row, state: state === "pending" ? "expired" : state }));
}
