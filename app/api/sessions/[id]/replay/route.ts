import { consoleRoute } from "@/lib/auth/console-route";
import { getReplay, getReplayChanges } from "@/lib/recordings/get-replay";
import { watchReplay } from "@/lib/recordings/watch-replay";

/** A session's replay without its results; with `cursor`, what came or changed since. */
export const GET = consoleRoute<{ id: string }>("recordings:view", async (ctx, request, { id }) => {
  const cursor = new URL(request.url).searchParams.get("cursor");
  await watchReplay(ctx, id);
  return cursor === null ? getReplay(ctx, id) : getReplayChanges(ctx, id, cursor);
});
