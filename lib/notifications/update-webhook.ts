import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { changedMeanwhile, uniqueName } from "@/lib/connections/conflicts";
import { masterKey } from "@/lib/connections/credential";
import { differences } from "@/lib/connections/differences";
import { seal } from "@/lib/crypto/seal";
import type { Ctx } from "@/lib/ctx";
import { webhooks } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { lockWebhook } from "./lock-webhook";
import { secretContext } from "./secret-context";
import { newSecret } from "./signature";
import { auditedUrl } from "./view";
import { webhookChange } from "./webhook-input";

/**
 * Changes a webhook; waiting messages go by its new settings. `secret` is the new one when one was asked for. Throws FORBIDDEN,
 * INVALID_INPUT, NOT_FOUND, CONFLICT on an old version.
 */
export async function updateWebhook(
  ctx: Ctx,
  input: z.input<typeof webhookChange>,
): Promise<{ readonly version: number; readonly secret: string | null }> {
  authorise(ctx, "webhooks:edit");
  const { id, version, newSecret: renew, ...after } = parseInput(webhookChange, input, "The webhook");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockWebhook(tx, id);
    if (row.version !== version) throw changedMeanwhile(`the webhook ${row.name}`, row);
    const { name, url, events, format, enabled } = row;
    const changes = differences(
      { name, url: auditedUrl(url), events, format, enabled },
      { ...after, url: auditedUrl(after.url) },
    );
    const secret = renew ? newSecret() : null;
    const sealed = secret === null ? {} : { sealedSecret: seal(masterKey(), secret, secretContext(id)) };
    const stamp = { version: version + 1, updatedAt: new Date(), updatedBy: ctx.actor.name.slice(0, 255) };
    await uniqueName(after.name, "name", () =>
      tx
        .update(webhooks)
        .set({ ...after, ...sealed, ...stamp })
        .where(and(eq(webhooks.id, id), eq(webhooks.version, version))),
    );
    await recordAudit(tx, ctx.actor, {
      action: "webhook.updated",
      object: { kind: "webhook", id, name: after.name },
      detail: { changes, addressChanged: url !== after.url, newSecret: renew },
    });
    return { version: version + 1, secret };
  });
}
