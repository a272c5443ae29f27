import { asc, count, eq, max } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { webhookDeliveries, webhooks } from "@/lib/db/schema";
import type { DeliveryState } from "./events";
import { type WebhookView, webhookColumns } from "./view";

/** A webhook with how its messages fare. */
export interface ListedWebhook extends WebhookView {
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
  readonly lastDeliveredAt: Date | null;
}

/** All webhooks by name. Throws FORBIDDEN. */
export async function listWebhooks(ctx: Ctx): Promise<ListedWebhook[]> {
  authorise(ctx, "webhooks:edit");
  const rows = await ctx.db.select(webhookColumns).from(webhooks).orderBy(asc(webhooks.name));
  const counts = await ctx.db
    .select({
      webhookId: webhookDeliveries.webhookId,
      status: webhookDeliveries.status,
      total: count(),
      last: max(webhookDeliveries.deliveredAt),
    })
    .from(webhookDeliveries)
    .groupBy(webhookDeliveries.webhookId, webhookDeliveries.status);
  return rows.map((row) => {
    const own = counts.filter((one) => one.webhookId === row.id);
    const total = (status: DeliveryState) => own.find((one) => one.status === status)?.total ?? 0;
    return {
      ...row,
      deliveries: { pending: total("pending"), delivered: total("delivered"), dead: total("dead") },
      lastDeliveredAt: own.find((one) => one.status === "delivered")?.last ?? null,
    };
  });
}

/** One webhook, or null. Throws FORBIDDEN. */
export async function getWebhook(ctx: Ctx, id: string): Promise<WebhookView | null> {
  authorise(ctx, "webhooks:edit");
  const [row] = await ctx.db.select(webhookColumns).from(webhooks).where(eq(webhooks.id, id));
  return row ?? null;
}
