import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { surfaceOfDraft } from "@/lib/learning/surface-of-draft";

/** How much the rules of a draft would grant. */
export const POST = consoleRoute("policies:view", async (ctx, request) => surfaceOfDraft(ctx, await jsonOf(request)));
