import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { testConnection } from "@/lib/connections/test/test-connection";
import { testResponse } from "@/lib/connections/test/test-lines";

/** Runs a connection test and streams one JSON line per step as it ends. */
export const POST = consoleRoute("connections:test", async (ctx, request) => {
  const body = await jsonOf(request);
  // The verb parses what came from outside.
  return testResponse(await testConnection(ctx, body as Parameters<typeof testConnection>[1]), ctx.requestId);
});
