import type { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { createWebhook } from "@/lib/notifications/create-webhook";
import type { newWebhook } from "@/lib/notifications/webhook-input";

/** Creates a webhook; the answer holds its secret, this once. The verb checks what was sent. */
export const POST = consoleRoute("webhooks:edit", async (ctx, request) =>
  createWebhook(ctx, (await jsonOf(request)) as z.input<typeof newWebhook>),
);
