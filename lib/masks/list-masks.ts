import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, masks } from "@/lib/db/schema";
import type { Mask } from "@/lib/masking/mask";
import { contentOf } from "./mask-columns";
import { readStoredMasks } from "./stored-masks";

export interface MaskView extends Mask {
  readonly id: string;
  readonly connection: { readonly id: string; readonly name: string };
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** Why this version can not read it: everything on the connection is masked until it is replaced. Null: it can. */
  readonly problem: string | null;
}

/** The masks of one connection, or of all, in the order of their connections' names and their columns. */
export async function listMasks(ctx: Ctx, connectionId?: string): Promise<MaskView[]> {
  authorise(ctx, "policies:view");
  const rows = await ctx.db
    .select({ mask: masks, connectionName: connections.name })
    .from(masks)
    .innerJoin(connections, eq(masks.connectionId, connections.id))
    .where(connectionId === undefined ? undefined : eq(masks.connectionId, connectionId))
    .orderBy(asc(connections.name), asc(masks.column));
  return rows.map(({ mask, connectionName }) => {
    const { id, version, updatedAt, updatedBy } = mask;
    const connection = { id: mask.connectionId, name: connectionName };
    const problem = readStoredMasks([mask]).unreadable[0]?.problem ?? null;
    return { id, connection, ...contentOf(mask), version, updatedAt, updatedBy, problem };
  });
}
