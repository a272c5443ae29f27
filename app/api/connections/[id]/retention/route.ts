import { consoleRoute } from "@/lib/auth/console-route";
import { removedWithin } from "@/lib/recordings/stored-recordings";

/** What a shorter retention would remove at once. */
export const GET = consoleRoute<{ id: string }>("connections:edit", async (ctx, request, { id }) =>
  removedWithin(ctx, { connectionId: id, days: new URL(request.url).searchParams.get("days") }),
);
