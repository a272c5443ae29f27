import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { uniqueName } from "@/lib/connections/conflicts";
import { masterKey } from "@/lib/connections/credential";
import { seal } from "@/lib/crypto/seal";
import type { Ctx } from "@/lib/ctx";
import { webhooks } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { secretContext } from "./secret-context";
import { newSecret } from "./signature";
import { auditedUrl } from "./view";
import { newWebhook } from "./webhook-input";

/** Creates a webhook. Its secret comes back this once and never again. Throws FORBIDDEN, INVALID_INPUT. */
export async function createWebhook(
  ctx: Ctx,
  input: z.input<typeof newWebhook>,
): Promise<{ readonly id: string; readonly secret: string }> {
  authorise(ctx, "webhooks:edit");
  const given = parseInput(newWebhook, input, "The webhook");
  const id = newId();
  const secret = newSecret();
  const sealedSecret = seal(masterKey(), secret, secretContext(id));
  return inTransaction(ctx.db, async (tx) => {
    const now = new Date();
    const stamp = { createdAt: now, updatedAt: now, updatedBy: ctx.actor.name.slice(0, 255) };
    await uniqueName(given.name, "name", () => tx.insert(webhooks).values({ ...given, id, sealedSecret, ...stamp }));
    await recordAudit(tx, ctx.actor, {
      action: "webhook.created",
      object: { kind: "webhook", id, name: given.name },
      detail: { after: { ...given, url: auditedUrl(given.url) } },
    });
    return { id, secret };
  });
}
