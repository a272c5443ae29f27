import { consoleRoute } from "@/lib/auth/console-route";
import { watchReplay } from "@/lib/recordings/watch-replay";

/** The person has the replay open. */
export const POST = consoleRoute<{ id: string }>("recordings:view", (ctx, _request, { id }) => watchReplay(ctx, id));
