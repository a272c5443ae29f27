import { and, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { savedViews } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { PAGE_PERMISSIONS } from "./input";

/** The actor's own view, locked until the transaction ends. Other people's are as if they were not there. Throws FORBIDDEN, NOT_FOUND. */
export async function lockOwnView(ctx: Ctx, tx: DbOrTx, id: string): Promise<typeof savedViews.$inferSelect> {
  const me = ctx.actor.kind === "person" ? ctx.actor.id : "";
  const [view] = await tx
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.id, id), eq(savedViews.ownerId, me)))
    .for("update");
  if (view === undefined) {
    throw new SallyportError("NOT_FOUND", "You have no such view", {
      next: "Only the person who saved a view can change it",
    });
  }
  authorise(ctx, PAGE_PERMISSIONS[view.page]);
  return view;
}
