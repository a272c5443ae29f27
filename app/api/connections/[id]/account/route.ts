import { consoleRoute } from "@/lib/auth/console-route";
import { compareAccount } from "@/lib/connections/account/compare";

/** What the stored account may do upstream, beside what the policies can need. Logs in there, changes nothing. */
export const POST = consoleRoute<{ id: string }>("connections:test", async (ctx, _request, { id }) =>
  compareAccount(ctx, id),
);
