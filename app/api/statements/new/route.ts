import { readStatementFilter } from "@/app/(console)/statements/search-params";
import { consoleRoute } from "@/lib/auth/console-route";
import { ulidText } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";
import { countNewerStatements } from "@/lib/statements/list";

/** How many statements under the list's filters were recorded after the one with the id `after`. */
export const GET = consoleRoute("statements:view", async (ctx, request) => {
  const params = Object.fromEntries(new URL(request.url).searchParams);
  const after = parseInput(ulidText, params.after, "The parameter after");
  return { newer: await countNewerStatements(ctx, readStatementFilter(params), after) };
});
