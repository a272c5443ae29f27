import { eq } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { eventStreamCursors, eventStreams } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { streamId } from "./input";
import { lockStream } from "./lock-stream";
import { auditedAddress } from "./view";

/** Deletes a stream and what it knows of how far it was. Throws FORBIDDEN, NOT_FOUND. */
export async function removeStream(ctx: Ctx, input: z.input<typeof streamId>): Promise<{ readonly name: string }> {
  authorise(ctx, "streams:edit");
  const { id } = parseInput(streamId, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const { name, url, statements, sentEvents } = await lockStream(tx, id);
    await tx.delete(eventStreamCursors).where(eq(eventStreamCursors.streamId, id));
    await tx.delete(eventStreams).where(eq(eventStreams.id, id));
    await recordAudit(tx, ctx.actor, {
      action: "stream.deleted",
      object: { kind: "event_stream", id, name },
      detail: { before: { url: auditedAddress(url), statements, sentEvents } },
    });
    return { name };
  });
}
