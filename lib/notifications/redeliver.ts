import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { webhookDeliveries, webhooks } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";

const redelivery = z.strictObject({ id: ulidText });

/** Sends a message again that was delivered or given up, under its old message id, with all its attempts. Throws FORBIDDEN, NOT_FOUND, CONFLICT. */
export async function redeliver(ctx: Ctx, input: z.input<typeof redelivery>, at: Date = new Date()): Promise<void> {
  authorise(ctx, "webhooks:edit");
  const { id } = parseInput(redelivery, input, "The request");
  await inTransaction(ctx.db, async (tx) => {
    const [result] = await tx
      .update(webhookDeliveries)
      .set({ status: "pending", attempts: 0, nextAt: at })
      .where(and(eq(webhookDeliveries.id, id), ne(webhookDeliveries.status, "pending")));
    const [row] = await tx
      .select({ event: webhookDeliveries.event, webhookId: webhooks.id, name: webhooks.name })
      .from(webhookDeliveries)
      .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
      .where(eq(webhookDeliveries.id, id));
    if (row === undefined) throw new SallyportError("NOT_FOUND", "There is no such delivery");
    if (result.affectedRows === 0) {
      throw new SallyportError("CONFLICT", "This message is still being sent", { next: "Wait for its next attempt" });
    }
    await recordAudit(tx, ctx.actor, {
      action: "webhook.redelivered",
      object: { kind: "webhook", id: row.webhookId, name: row.name },
      detail: { delivery: id, event: row.event },
    });
  });
}
