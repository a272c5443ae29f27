import { consoleRoute } from "@/lib/auth/console-route";
import { followSession } from "@/lib/sessions/follow";

/** A page watches this live session and says so again every ten seconds. */
export const POST = consoleRoute<{ id: string }>("recordings:view", async (ctx, _request, { id }) =>
  followSession(ctx, { id }),
);
