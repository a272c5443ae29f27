import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { savedViews } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { newSavedView, PAGE_PERMISSIONS } from "./input";

/** Names taken are told so, not overwritten. */
export function nameTaken(name: string): SallyportError {
  return new SallyportError("CONFLICT", `You have a view called ${name} already`, {
    next: "Choose another name, or remove that one first",
    problems: [{ path: "name", message: "is taken" }],
  });
}

/** Keeps filters of a list under a name, for the person who asks or, by an administrator, for everybody. Throws FORBIDDEN, CONFLICT. */
export async function saveView(ctx: Ctx, input: z.input<typeof newSavedView>): Promise<{ readonly id: string }> {
  const view = parseInput(newSavedView, input, "The view");
  authorise(ctx, PAGE_PERMISSIONS[view.page]);
  if (view.shared) authorise(ctx, "views:share");
  const { actor } = ctx;
  if (actor.kind !== "person") throw new SallyportError("FORBIDDEN", "Only people keep views");
  const id = newId();
  return inTransaction(ctx.db, async (tx) => {
    try {
      await tx.insert(savedViews).values({ id, ownerId: actor.id, ...view, createdAt: new Date() });
    } catch (error) {
      if (dbErrno(error) === DB_ERRNO.duplicate) throw nameTaken(view.name);
      throw error;
    }
    if (view.shared) {
      await recordAudit(tx, actor, {
        action: "view.shared",
        object: { kind: "view", id, name: view.name },
        detail: { page: view.page, query: view.query },
      });
    }
    return { id };
  });
}
