import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { startImpact } from "@/lib/impact/start-impact";

/** Asks what a draft would do to recorded statements; how far that is: GET /api/analyses/[id]. */
export const POST = consoleRoute("analyses:run", async (ctx, request) => startImpact(ctx, await jsonOf(request)));
