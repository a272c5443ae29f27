import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { selfTestInput } from "@/lib/self-test/model";
import { startSelfTest } from "@/lib/self-test/start-self-test";

/** Queues a self-test of a connection. */
export const POST = consoleRoute("analyses:run", async (ctx, request) =>
  startSelfTest(ctx, parseInput(selfTestInput, await jsonOf(request), "The self-test")),
);
