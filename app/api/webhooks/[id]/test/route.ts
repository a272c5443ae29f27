import { consoleRoute } from "@/lib/auth/console-route";
import { deliveryParts } from "@/lib/notifications/send/parts";
import { testWebhook } from "@/lib/notifications/test-webhook";

/** Sends a test message now, and says what came back. */
export const POST = consoleRoute<{ id: string }>("webhooks:edit", async (ctx, _request, { id }) =>
  testWebhook(ctx, { id }, deliveryParts()),
);
