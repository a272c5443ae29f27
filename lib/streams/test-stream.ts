import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { eventStreams } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { deliver, type StreamParts } from "./deliver";
import { streamId } from "./input";
import { lockStream } from "./lock-stream";
import { testLogRecord } from "./log-record";
import { ndjsonLine } from "./message";

/** Sends one event made up for it, at once and also through a paused stream; `error` says why it did not arrive. Throws FORBIDDEN, NOT_FOUND. */
export async function testStream(
  ctx: Ctx,
  input: z.input<typeof streamId>,
  parts: StreamParts,
): Promise<{ readonly error: string | null }> {
  authorise(ctx, "streams:edit");
  const { id } = parseInput(streamId, input, "The request");
  const { name } = await inTransaction(ctx.db, async (tx) => {
    const row = await lockStream(tx, id);
    await recordAudit(tx, ctx.actor, {
      action: "stream.tested",
      object: { kind: "event_stream", id, name: row.name },
    });
    return row;
  });
  const [stream] = await ctx.db.select().from(eventStreams).where(eq(eventStreams.id, id));
  if (stream === undefined) throw new SallyportError("NOT_FOUND", "There is no such event stream");
  const at = new Date();
  const body = ndjsonLine(testLogRecord(name, ctx.actor.name, at));
  return { error: await deliver(stream, { id: `${newId()}.test`, body }, parts, at) };
}
