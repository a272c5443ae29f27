import { z } from "zod";
import { denialReason, deny } from "@/lib/approvals/deny";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ reason: denialReason });

/** One reviewer's denial, which is final. */
export const POST = consoleRoute<{ id: string }>("approvals:decide", async (ctx, request, { id }) => {
  const { reason } = parseInput(body, await jsonOf(request), "The denial");
  return deny(ctx, { id, reason });
});
