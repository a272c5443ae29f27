import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { writeRestrictedScript } from "@/lib/connections/restricted/write-script";

/** The script that makes the connection's restricted account by its masks. */
export const POST = consoleRoute<{ id: string }>("connections:edit", async (ctx, request, { id }) =>
  writeRestrictedScript(ctx, id, await jsonOf(request)),
);
