import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { webhooks } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type WebhookView, webhookColumns } from "./view";

/** Reads and locks a webhook, or throws NOT_FOUND. Call it inside a transaction. */
export async function lockWebhook(tx: DbOrTx, id: string): Promise<WebhookView> {
  const [row] = await tx.select(webhookColumns).from(webhooks).where(eq(webhooks.id, id)).for("update");
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such webhook", {
      next: "Someone may have removed it; reload the page",
    });
  }
  return row;
}
