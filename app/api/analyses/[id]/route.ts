import { cancelAnalysis } from "@/lib/analyses/cancel";
import { analysisHead } from "@/lib/analyses/read";
import { consoleRoute } from "@/lib/auth/console-route";

interface Params {
  readonly id: string;
}

/** How far it is. */
export const GET = consoleRoute<Params>("analyses:view", async (ctx, _request, { id }) => ({
  analysis: await analysisHead(ctx, id),
}));

/** Cancels it; harmless when it is over. */
export const DELETE = consoleRoute<Params>("analyses:run", (ctx, _request, { id }) => cancelAnalysis(ctx, id));
