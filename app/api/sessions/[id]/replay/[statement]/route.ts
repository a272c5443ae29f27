import { consoleRoute } from "@/lib/auth/console-route";
import { getStatementReplay } from "@/lib/recordings/get-statement-replay";
import { watchReplay } from "@/lib/recordings/watch-replay";

/** One statement with what the client was told; `from` and `rows` say which rows. */
export const GET = consoleRoute<{ id: string; statement: string }>(
  "recordings:view",
  async (ctx, request, { id, statement }) => {
    await watchReplay(ctx, id);
    return getStatementReplay(ctx, id, statement, Object.fromEntries(new URL(request.url).searchParams));
  },
);
