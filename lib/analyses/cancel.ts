import { and, eq, inArray } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { analyses } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";

/** Asks long work to stop: at once when nobody has begun it, else at its next step. Harmless when it is over. Throws FORBIDDEN, NOT_FOUND. */
export async function cancelAnalysis(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx, "analyses:run");
  await inTransaction(ctx.db, async (tx) => {
    const [row] = await tx.select().from(analyses).where(eq(analyses.id, id)).for("update");
    if (row === undefined)
      throw new SallyportError("NOT_FOUND", "There is no such analysis", { next: "Look at the list" });
    if (row.cancelRequestedAt !== null || (row.state !== "queued" && row.state !== "running")) return;
    const now = new Date();
    const over = row.state === "queued" ? ({ state: "cancelled", endedAt: now } as const) : {};
    await tx
      .update(analyses)
      .set({ cancelRequestedAt: now, ...over })
      .where(and(eq(analyses.id, id), inArray(analyses.state, ["queued", "running"])));
    await recordAudit(tx, ctx.actor, {
      action: "analysis.cancelled",
      object: { kind: "analysis", id, name: row.kind },
      connectionName: row.connectionName,
      detail: { kind: row.kind },
    });
  });
}
