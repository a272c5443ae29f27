import { consoleRoute } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { nameQuestion, suggestNames } from "@/lib/statements/suggest-names";

/** Names that a filter offers while one types: `kind`, `q`, and optionally `connection` and `policy`. */
export const GET = consoleRoute("statements:view", async (ctx, request) => {
  const params = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ""));
  return suggestNames(ctx, parseInput(nameQuestion, params, "The question"));
});
