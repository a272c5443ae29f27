import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { startLearning } from "@/lib/learning/start";

/** Queues learning; the answer names the proposal that is going to be. */
export const POST = consoleRoute("analyses:run", async (ctx, request) => startLearning(ctx, await jsonOf(request)));
