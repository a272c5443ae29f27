import { and, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { decodeCursor, type Page, readPage } from "@/lib/db/keyset";
import { webhookDeliveries, webhooks } from "@/lib/db/schema";
import type { DeliveryState } from "./events";

export const DELIVERY_PAGE_SIZE = 50;

/** One message of the log; the payload is left out. */
export type DeliveryRow = Omit<typeof webhookDeliveries.$inferSelect, "payload"> & { readonly webhookName: string };

export interface ListDeliveries {
  readonly webhook?: string | undefined;
  readonly status?: DeliveryState | undefined;
  readonly cursor?: string | null;
  readonly size?: number;
}

/** The delivery log, newest first. Throws FORBIDDEN, and INVALID_INPUT for a cursor that no list made. */
export async function listDeliveries(ctx: Ctx, input: ListDeliveries = {}): Promise<Page<DeliveryRow>> {
  authorise(ctx, "webhooks:edit");
  const { webhook, status, cursor, size } = input;
  const list = {
    id: webhookDeliveries.id,
    order: "newest" as const,
    cursor: decodeCursor(cursor),
    size: size ?? DELIVERY_PAGE_SIZE,
  };
  return readPage(list, async (scan, limit) => {
    const rows = await ctx.db
      .select({ delivery: webhookDeliveries, webhookName: webhooks.name })
      .from(webhookDeliveries)
      .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
      .where(
        and(
          scan.from,
          webhook === undefined ? undefined : eq(webhookDeliveries.webhookId, webhook),
          status === undefined ? undefined : eq(webhookDeliveries.status, status),
        ),
      )
      .orderBy(scan.orderBy)
      .limit(limit);
    const listed = rows.map(({ delivery: { payload: _payload, ...delivery }, webhookName }) => ({
      ...delivery,
      webhookName,
    }));
    return { rows: listed, stoppedAt: null };
  });
}
