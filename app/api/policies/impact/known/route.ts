import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { knownImpact } from "@/lib/impact/known-impact";
import { parseInput } from "@/lib/parse-input";
import { impactInput } from "@/lib/policy/impact/model";

/** The newest impact of exactly this draft that still holds, whatever the period; null: none. */
export const POST = consoleRoute("analyses:view", async (ctx, request) => {
  const { days: _, ...draft } = parseInput(impactInput, await jsonOf(request), "The draft");
  return { known: await knownImpact(ctx.db, draft) };
});
