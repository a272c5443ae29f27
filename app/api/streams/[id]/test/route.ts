import { consoleRoute } from "@/lib/auth/console-route";
import { streamParts } from "@/lib/streams/send/parts";
import { testStream } from "@/lib/streams/test-stream";

/** Sends a test event now, and says whether it arrived. */
export const POST = consoleRoute<{ id: string }>("streams:edit", async (ctx, _request, { id }) =>
  testStream(ctx, { id }, streamParts()),
);
