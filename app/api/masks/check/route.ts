import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { checkMask } from "@/lib/masks/check-mask";

/** What a mask that is being written would match, and what it would make of made-up values. */
export const POST = consoleRoute("policies:view", async (ctx, request) => checkMask(ctx, await jsonOf(request)));
