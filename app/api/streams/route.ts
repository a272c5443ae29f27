import type { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { createStream } from "@/lib/streams/create-stream";
import type { newStream } from "@/lib/streams/input";

/** Creates an event stream; the answer holds its secret, this once. The verb checks what was sent. */
export const POST = consoleRoute("streams:edit", async (ctx, request) =>
  createStream(ctx, (await jsonOf(request)) as z.input<typeof newStream>),
);
