import { consoleRoute } from "@/lib/auth/console-route";
import { getProposal } from "@/lib/learning/get-proposal";

interface Params {
  readonly id: string;
}

/** What was learned, or how far it is. */
export const GET = consoleRoute<Params>("analyses:view", (ctx, _request, { id }) => getProposal(ctx, id));
