import { eq, inArray } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { differences } from "@/lib/connections/differences";
import type { Ctx } from "@/lib/ctx";
import { masks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Confirmed } from "@/lib/impact/confirm-change";
import type { Mask } from "@/lib/masking/mask";
import { columnsOf, contentOf, type MaskRow } from "./mask-columns";

/** The writes of every verb about masks, each with its audit event. `ctx.db` is the transaction; publishing is the caller's. */

interface Owner {
  readonly id: string;
  readonly name: string;
}

/** Inserts a mask and returns its id. */
export async function insertMask(
  ctx: Ctx,
  connection: Owner,
  content: Mask,
  confirmed: Confirmed = {},
): Promise<string> {
  const id = newId();
  const now = new Date();
  const stamp = { createdAt: now, updatedAt: now, updatedBy: ctx.actor.name.slice(0, 255) };
  await ctx.db.insert(masks).values({ id, connectionId: connection.id, ...columnsOf(content), ...stamp });
  await recordAudit(ctx.db, ctx.actor, {
    action: "mask.created",
    object: { kind: "mask", id, name: content.column },
    connectionName: connection.name,
    detail: { after: content, ...confirmed },
  });
  return id;
}

/** Replaces what a mask says. Returns false, and writes nothing, when it says that already. */
export async function replaceMask(
  ctx: Ctx,
  connectionName: string,
  row: MaskRow,
  content: Mask,
  confirmed: Confirmed = {},
): Promise<boolean> {
  const changes = differences(contentOf(row), content);
  if (changes.length === 0) return false;
  const stamp = { version: row.version + 1, updatedAt: new Date(), updatedBy: ctx.actor.name.slice(0, 255) };
  await ctx.db
    .update(masks)
    .set({ ...columnsOf(content), ...stamp })
    .where(eq(masks.id, row.id));
  await recordAudit(ctx.db, ctx.actor, {
    action: "mask.updated",
    object: { kind: "mask", id: row.id, name: content.column },
    connectionName,
    detail: { changes, ...confirmed },
  });
  return true;
}

/** Deletes masks of one connection; `said` goes into their audit events. */
export async function deleteMasks(
  ctx: Ctx,
  connectionName: string,
  rows: readonly MaskRow[],
  said: Confirmed & { readonly why?: string } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const { why, ...confirmed } = said;
  await ctx.db.delete(masks).where(
    inArray(
      masks.id,
      rows.map((row) => row.id),
    ),
  );
  for (const row of rows) {
    await recordAudit(ctx.db, ctx.actor, {
      action: "mask.deleted",
      object: { kind: "mask", id: row.id, name: row.column },
      connectionName,
      ...(why === undefined ? {} : { message: why }),
      detail: { before: contentOf(row), ...confirmed },
    });
  }
}
