import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { savedViews } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { savedViewId } from "./input";
import { lockOwnView } from "./lock-own-view";

/** Removes the actor's own view. Throws FORBIDDEN, NOT_FOUND. */
export async function removeView(ctx: Ctx, input: z.input<typeof savedViewId>): Promise<{ readonly name: string }> {
  const { id } = parseInput(savedViewId, input, "The view");
  return inTransaction(ctx.db, async (tx) => {
    const view = await lockOwnView(ctx, tx, id);
    await tx.delete(savedViews).where(eq(savedViews.id, id));
    if (view.shared) {
      await recordAudit(tx, ctx.actor, {
        action: "view.unshared",
        object: { kind: "view", id, name: view.name },
        detail: { page: view.page, query: view.query },
      });
    }
    return { name: view.name };
  });
}
