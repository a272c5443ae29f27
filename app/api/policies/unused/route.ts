import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { startUnused } from "@/lib/unused/start";

/** Begins to look for what the policies of a connection grant and nobody has used. */
export const POST = consoleRoute("analyses:run", async (ctx, request) => startUnused(ctx, await jsonOf(request)));
