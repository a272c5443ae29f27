import { z } from "zod";
import { withdraw } from "@/lib/approvals/withdraw";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ reason: z.string().trim().max(500).default("") });

/** Takes an approval back before it is used. */
export const POST = consoleRoute<{ id: string }>("approvals:withdraw", async (ctx, request, { id }) => {
  const { reason } = parseInput(body, await jsonOf(request), "The withdrawal");
  return withdraw(ctx, { id, reason });
});
