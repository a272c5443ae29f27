import { consoleRoute } from "@/lib/auth/console-route";
import { sessionIntegrity } from "@/lib/chain/verify/session-integrity";

/** Whether the session's records are as they were written. */
export const GET = consoleRoute<{ id: string }>("recordings:view", (ctx, _request, { id }) =>
  sessionIntegrity(ctx, id),
);
