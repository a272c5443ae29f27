import { lookAt } from "@/lib/approvals/look-at";
import { consoleRoute } from "@/lib/auth/console-route";

/** The person has this request open. */
export const POST = consoleRoute<{ id: string }>("approvals:view", async (ctx, _request, { id }) => {
  await lookAt(ctx, { id });
});
