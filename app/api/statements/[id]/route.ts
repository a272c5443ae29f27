import { consoleRoute } from "@/lib/auth/console-route";
import { getStatement } from "@/lib/statements/get";

/** One statement with everything recorded of it. */
export const GET = consoleRoute<{ id: string }>("statements:view", (ctx, _request, { id }) => getStatement(ctx, id));
