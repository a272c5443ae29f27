import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { webhooks } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { lockWebhook } from "./lock-webhook";
import { auditedUrl } from "./view";
import { webhookId } from "./webhook-input";

/** Deletes a webhook with its log and what it was still to be sent. Throws FORBIDDEN, NOT_FOUND. */
export async function removeWebhook(ctx: Ctx, input: z.input<typeof webhookId>): Promise<{ readonly name: string }> {
  authorise(ctx, "webhooks:edit");
  const { id } = parseInput(webhookId, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const { name, url, events, format } = await lockWebhook(tx, id);
    await tx.delete(webhooks).where(eq(webhooks.id, id));
    await recordAudit(tx, ctx.actor, {
      action: "webhook.deleted",
      object: { kind: "webhook", id, name },
      detail: { before: { url: auditedUrl(url), events, format } },
    });
    return { name };
  });
}
