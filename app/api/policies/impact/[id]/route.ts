import { consoleRoute } from "@/lib/auth/console-route";
import { readImpact } from "@/lib/impact/read-impact";

/** How far it is, with its result once it is done. */
export const GET = consoleRoute<{ readonly id: string }>("analyses:view", (ctx, _request, { id }) =>
  readImpact(ctx, id),
);
