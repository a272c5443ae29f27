import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { webhookDeliveries } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { type Attempt, attemptDelivery, type DeliveryParts } from "./attempt";
import { lockWebhook } from "./lock-webhook";
import { webhookId } from "./webhook-input";

/**
 * Sends a test message at once, also through a disabled webhook, and says what came back. It stays in the log; one that failed is tried
 * again like any other. Throws FORBIDDEN, NOT_FOUND.
 */
export async function testWebhook(
  ctx: Ctx,
  input: z.input<typeof webhookId>,
  parts: DeliveryParts,
  at: Date = new Date(),
): Promise<Attempt> {
  authorise(ctx, "webhooks:edit");
  const { id: webhook } = parseInput(webhookId, input, "The request");
  const id = newId();
  await inTransaction(ctx.db, async (tx) => {
    const { name } = await lockWebhook(tx, webhook);
    await tx.insert(webhookDeliveries).values({
      id,
      webhookId: webhook,
      messageId: `${id}.test`,
      event: "webhook.test",
      payload: { type: "webhook.test", timestamp: at.toISOString(), approval: null },
      status: "pending",
      nextAt: at,
      createdAt: at,
    });
    await recordAudit(tx, ctx.actor, { action: "webhook.tested", object: { kind: "webhook", id: webhook, name } });
  });
  const attempt = await attemptDelivery(ctx.db, id, parts, at);
  if (attempt === null) {
    throw new SallyportError("CONFLICT", "The test message is being sent already", {
      next: "Look into the delivery log",
    });
  }
  return attempt;
}
