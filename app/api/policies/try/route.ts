import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { simulate, simulationInput } from "@/lib/policy/simulate";

/** What a statement would meet, by stored policies or with a draft in place of one. */
export const POST = consoleRoute("policies:view", async (ctx, request) =>
  simulate(ctx, parseInput(simulationInput, await jsonOf(request), "The question")),
);
