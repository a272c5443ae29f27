import { max } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { revisions } from "@/lib/db/schema";
import { settleAllMasked } from "@/lib/findings/settle-masked";
import { bumpFeed } from "./bump-feed";
import { documentToYaml, exportDocument } from "./export";

/**
 * Publishes the configuration as it now is: one revision row (number + 1), its audit event, and the signal for every gateway to reload.
 * Call it last in the transaction that changed connections, masks or policies, with that transaction as `ctx.db`. Returns the number.
 * Publishers queue on the feed's row; where two still collide the server reports a deadlock and `inTransaction` runs the whole verb again.
 */
export async function publishRevision(ctx: Ctx, summary: string): Promise<number> {
  await bumpFeed(ctx.db);
  const [newest] = await ctx.db
    .select({ number: max(revisions.number) })
    .from(revisions)
    .for("update");
  const number = (newest?.number ?? 0) + 1;
  const document = documentToYaml(await exportDocument(ctx.db, "lock"));
  await settleAllMasked(ctx);
  const { actor } = ctx;
  await ctx.db.insert(revisions).values({
    number,
    document,
    summary: summary.slice(0, 500),
    authorId: actor.kind === "system" ? null : actor.id,
    authorName: actor.name.slice(0, 255),
    createdAt: new Date(),
  });
  await recordAudit(ctx.db, actor, {
    action: "revision.published",
    object: { kind: "revision", id: String(number), name: `revision ${number}` },
    message: summary,
    detail: { number },
  });
  return number;
}
