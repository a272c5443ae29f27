import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { requestKill } from "@/lib/sessions/request-kill";

const body = z.strictObject({ statementOnly: z.boolean(), reason: z.string().max(500) });

/** Asks the gateway to end the session, or its running statement only. Asking again is harmless. */
export const POST = consoleRoute<{ id: string }>("sessions:kill", async (ctx, request, { id }) => {
  const { statementOnly, reason } = parseInput(body, await jsonOf(request), "The kill request");
  await requestKill(ctx, { id, statementOnly, reason });
});
