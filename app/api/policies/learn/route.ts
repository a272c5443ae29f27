import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { startLearning } from "@/lib/learning/start";

/** Begins to learn; how far it is tells /api/analyses/[id]. */
export const POST = consoleRoute("analyses:run", async (ctx, request) => startLearning(ctx, await jsonOf(request)));
