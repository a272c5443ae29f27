import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { streamChange } from "@/lib/streams/input";
import { removeStream } from "@/lib/streams/remove-stream";
import { updateStream } from "@/lib/streams/update-stream";

const change = z.strictObject(streamChange.shape).omit({ id: true });

/** Changes, pauses or resumes an event stream, and makes a new secret when asked to. */
export const PUT = consoleRoute<{ id: string }>("streams:edit", async (ctx, request, { id }) =>
  updateStream(ctx, { ...parseInput(change, await jsonOf(request), "The event stream"), id }),
);

/** Deletes an event stream. */
export const DELETE = consoleRoute<{ id: string }>("streams:edit", async (ctx, _request, { id }) =>
  removeStream(ctx, { id }),
);
