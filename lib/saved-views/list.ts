import { and, asc, eq, or } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities, savedViews } from "@/lib/db/schema";
import { PAGE_PERMISSIONS, type SavedViewPage } from "./input";

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly shared: boolean;
  /** The reader saved it. */
  readonly own: boolean;
  /** Who did; null when that identity is gone. */
  readonly owner: string | null;
}

/** The reader's views of a page and those that are shared, by name. Throws FORBIDDEN. */
export async function listSavedViews(ctx: Ctx, page: SavedViewPage): Promise<SavedView[]> {
  authorise(ctx, PAGE_PERMISSIONS[page]);
  const me = ctx.actor.kind === "person" ? ctx.actor.id : "";
  const rows = await ctx.db
    .select({ view: savedViews, owner: identities.displayName })
    .from(savedViews)
    .leftJoin(identities, eq(identities.id, savedViews.ownerId))
    .where(and(eq(savedViews.page, page), or(eq(savedViews.ownerId, me), eq(savedViews.shared, true))))
    .orderBy(asc(savedViews.name), asc(savedViews.id));
  return rows.map(({ view: { id, name, query, shared, ownerId }, owner }) => ({
    id,
    name,
    query,
    shared,
    own: ownerId === me,
    owner,
  }));
}
