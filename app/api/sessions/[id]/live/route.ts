import { consoleRoute } from "@/lib/auth/console-route";
import { ulidText } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";
import { getSession } from "@/lib/sessions/get";
import { countNewerStatements } from "@/lib/statements/list";

/** What the page of a running session follows: its state, and how many of its statements are newer than the one with the id `after`. */
export const GET = consoleRoute<{ id: string }>("sessions:view", async (ctx, request, { id }) => {
  const after = parseInput(ulidText, new URL(request.url).searchParams.get("after"), "The parameter after");
  const session = await getSession(ctx, id);
  return {
    state: session.state,
    killRequestedAt: session.killRequestedAt,
    waitingFor: session.waitingFor,
    newer: await countNewerStatements(ctx, { session: session.id }, after),
  };
});
