import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { removeWebhook } from "@/lib/notifications/remove-webhook";
import { updateWebhook } from "@/lib/notifications/update-webhook";
import { webhookChange } from "@/lib/notifications/webhook-input";
import { parseInput } from "@/lib/parse-input";

const change = z.strictObject(webhookChange.shape).omit({ id: true });

/** Changes a webhook, and makes a new secret when asked to. */
export const PUT = consoleRoute<{ id: string }>("webhooks:edit", async (ctx, request, { id }) =>
  updateWebhook(ctx, { ...parseInput(change, await jsonOf(request), "The webhook"), id }),
);

/** Deletes a webhook with its log. */
export const DELETE = consoleRoute<{ id: string }>("webhooks:edit", async (ctx, _request, { id }) =>
  removeWebhook(ctx, { id }),
);
