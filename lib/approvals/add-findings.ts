import { and, eq } from "drizzle-orm";
import type { Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import { systemOnly } from "./system-only";
import { type ApprovalRow, STAMP } from "./transition";

/** What a gateway finds out after it has asked; what is left out stays. */
export type Findings = Partial<Pick<ApprovalRow, "access" | "masking" | "explain" | "purpose" | "transaction">>;

/** Adds to what the reviewer is shown, while the request is pending. Says whether it still was. For the system only. */
export async function addFindings(ctx: Ctx, id: string, findings: Findings): Promise<boolean> {
  systemOnly(ctx);
  const [result] = await ctx.db
    .update(approvals)
    .set({ ...findings, ...STAMP })
    .where(and(eq(approvals.id, id), eq(approvals.state, "pending")));
  return result.affectedRows > 0;
}
