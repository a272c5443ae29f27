import { z } from "zod";
import { approvalInput, approve } from "@/lib/approvals/approve";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ scope: approvalInput.shape.scope, note: approvalInput.shape.note });

/** One reviewer's approval. Sent twice it counts once: the second answer is a CONFLICT that says who decided. */
export const POST = consoleRoute<{ id: string }>("approvals:decide", async (ctx, request, { id }) => {
  const given = parseInput(body, await jsonOf(request), "The approval");
  return approve(ctx, { id, scope: given.scope, ...(given.note === undefined ? {} : { note: given.note }) });
});
