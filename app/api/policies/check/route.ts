import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { checkDraft } from "@/lib/policy/draft/check-draft";

/** What the schema of its connection says of a draft's rules. */
export const POST = consoleRoute("policies:view", async (ctx, request) => checkDraft(ctx, await jsonOf(request)));
