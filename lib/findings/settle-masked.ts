import { and, asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { columnFindings, masks } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { compileMasks } from "@/lib/masking/mask-set";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import type { BaseColumn } from "@/lib/sql/analysis";
import { decide } from "./decide";

/** Columns settled in one go. */
const CHUNK = 500;

/** Settles the unreviewed columns of a connection that are masked already: there is nothing left to decide. Throws FORBIDDEN. */
export async function settleMasked(
  ctx: Ctx,
  connectionId: string,
  isMasked: (column: BaseColumn) => boolean,
): Promise<void> {
  authorise(ctx, "findings:edit");
  await inTransaction(ctx.db, async (tx) => {
    const open = await tx
      .select()
      .from(columnFindings)
      .where(and(eq(columnFindings.connectionId, connectionId), eq(columnFindings.status, "open")))
      .orderBy(asc(columnFindings.id))
      .for("update");
    const ids = open.filter(isMasked).map((row) => row.id);
    for (let from = 0; from < ids.length; from += CHUNK) {
      await decide({ ...ctx, db: tx }, ids.slice(from, from + CHUNK), "accept", "It is masked already");
    }
  });
}

/** The same for every connection, after its masks may have changed; `ctx.db` is the transaction that changed them. Throws FORBIDDEN. */
export async function settleAllMasked(ctx: Ctx): Promise<void> {
  const open = await ctx.db
    .selectDistinct({ connectionId: columnFindings.connectionId })
    .from(columnFindings)
    .where(eq(columnFindings.status, "open"));
  for (const { connectionId } of open) await settleMasked(ctx, connectionId, await storedMasks(ctx, connectionId));
}

/** Whether a column is covered by the connection's stored masks. */
export async function storedMasks(ctx: Ctx, connectionId: string): Promise<(column: BaseColumn) => boolean> {
  const rows = await ctx.db.select().from(masks).where(eq(masks.connectionId, connectionId));
  const set = compileMasks(readStoredMasks(rows).masks, []);
  return (column) => set.configured(column) !== null;
}
