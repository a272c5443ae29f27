import { consoleRoute } from "@/lib/auth/console-route";
import { scanProgress } from "@/lib/findings/scan-progress";

/** How far the connection's columns have been looked at, and how many suggestions there are. */
export const GET = consoleRoute<{ id: string }>("findings:view", (ctx, _request, { id }) => scanProgress(ctx, id));
