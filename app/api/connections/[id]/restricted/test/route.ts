import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { testRestricted } from "@/lib/connections/restricted/test-restricted";
import { testResponse } from "@/lib/connections/test/test-lines";

/** Checks that the restricted account fits the masks, and streams one JSON line per step as it ends. */
export const POST = consoleRoute<{ id: string }>("connections:test", async (ctx, request, { id }) =>
  testResponse(await testRestricted(ctx, id, await jsonOf(request)), ctx.requestId),
);
