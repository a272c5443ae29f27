import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { savedViews } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { savedViewChange } from "./input";
import { lockOwnView } from "./lock-own-view";
import { nameTaken } from "./save";

/** Renames a view, or shares it or takes that back (administrators). Only its owner can. Throws FORBIDDEN, NOT_FOUND, CONFLICT. */
export async function changeView(
  ctx: Ctx,
  input: z.input<typeof savedViewChange>,
): Promise<{ readonly name: string; readonly shared: boolean }> {
  const change = parseInput(savedViewChange, input, "The view");
  return inTransaction(ctx.db, async (tx) => {
    const before = await lockOwnView(ctx, tx, change.id);
    const after = { name: change.name ?? before.name, shared: change.shared ?? before.shared };
    if (after.shared !== before.shared) authorise(ctx, "views:share");
    try {
      await tx.update(savedViews).set(after).where(eq(savedViews.id, before.id));
    } catch (error) {
      if (dbErrno(error) === DB_ERRNO.duplicate) throw nameTaken(after.name);
      throw error;
    }
    if (after.shared !== before.shared) {
      await recordAudit(tx, ctx.actor, {
        action: after.shared ? "view.shared" : "view.unshared",
        object: { kind: "view", id: before.id, name: after.name },
        detail: { page: before.page, query: before.query },
      });
    }
    return after;
  });
}
