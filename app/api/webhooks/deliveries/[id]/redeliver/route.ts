import { consoleRoute } from "@/lib/auth/console-route";
import { redeliver } from "@/lib/notifications/redeliver";

/** Sends a message of the log again; the console's worker does so within a second or two. */
export const POST = consoleRoute<{ id: string }>("webhooks:edit", async (ctx, _request, { id }) => {
  await redeliver(ctx, { id });
});
