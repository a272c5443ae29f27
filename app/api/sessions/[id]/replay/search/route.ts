import { consoleRoute } from "@/lib/auth/console-route";
import { searchReplay } from "@/lib/recordings/search-replay";
import { watchReplay } from "@/lib/recordings/watch-replay";

/** Statements of the session whose text, error or recorded values contain `q`. */
export const GET = consoleRoute<{ id: string }>("recordings:view", async (ctx, request, { id }) => {
  await watchReplay(ctx, id);
  return searchReplay(ctx, id, new URL(request.url).searchParams.get("q") ?? "");
});
