import { consoleRoute } from "@/lib/auth/console-route";
import { getProposal } from "@/lib/learning/get-proposal";

/** What was learned; its result is null before it is done. */
export const GET = consoleRoute<{ readonly id: string }>("analyses:view", async (ctx, _request, { id }) =>
  getProposal(ctx, id),
);
