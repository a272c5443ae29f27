import { consoleRoute } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { listRunning, runningFilter } from "@/lib/sessions/running";

/** What runs right now, narrowed as the page's address is. */
export const GET = consoleRoute("sessions:view", async (ctx, request) => {
  const given = Object.fromEntries(new URL(request.url).searchParams);
  return listRunning(ctx, parseInput(runningFilter, given, "The filter in the address"));
});
