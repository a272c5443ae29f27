import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { changedMeanwhile, uniqueName } from "@/lib/connections/conflicts";
import { masterKey } from "@/lib/connections/credential";
import { differences } from "@/lib/connections/differences";
import { seal } from "@/lib/crypto/seal";
import type { Ctx } from "@/lib/ctx";
import { eventStreamCursors, eventStreams } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newSecret } from "@/lib/notifications/signature";
import { parseInput } from "@/lib/parse-input";
import { streamChange } from "./input";
import { lockStream } from "./lock-stream";
import { streamSecretContext } from "./secret-context";
import { auditedAddress } from "./view";

/**
 * Changes, pauses or resumes a stream; what it has not sent goes by its new settings, at once. `secret` is the new one when one was asked
 * for. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND, CONFLICT on an old version.
 */
export async function updateStream(
  ctx: Ctx,
  input: z.input<typeof streamChange>,
): Promise<{ readonly version: number; readonly secret: string | null }> {
  authorise(ctx, "streams:edit");
  const { id, version, newSecret: renew, ...after } = parseInput(streamChange, input, "The event stream");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockStream(tx, id);
    if (row.version !== version) throw changedMeanwhile(`the event stream ${row.name}`, row);
    if ((row.url === null) !== (after.url === null) || (row.url === null && renew)) {
      throw new SallyportError("INVALID_INPUT", "A stream to a file has no address and no secret", {
        next: "Change AUDIT_STREAM_FILE in the console's environment, or make another stream",
      });
    }
    const { name, url, statements, enabled } = row;
    const changes = differences(
      { name, url: auditedAddress(url), statements, enabled },
      { ...after, url: auditedAddress(after.url) },
    );
    const secret = renew ? newSecret() : null;
    const sealed = secret === null ? {} : { sealedSecret: seal(masterKey(), secret, streamSecretContext(id)) };
    const now = sql`UTC_TIMESTAMP(3)`;
    const stamp = { version: version + 1, updatedAt: now, updatedBy: ctx.actor.name.slice(0, 255) };
    await uniqueName(after.name, "name", () =>
      tx
        .update(eventStreams)
        // Whoever is sending loses the stream with its claim: what it sends by the old settings does not count.
        .set({ ...after, ...sealed, ...stamp, nextAttemptAt: now })
        .where(and(eq(eventStreams.id, id), eq(eventStreams.version, version))),
    );
    if (statements !== after.statements) {
      // Half a message of another selection can not be gone on with.
      await tx
        .update(eventStreamCursors)
        .set({ attempting: null, parts: 0 })
        .where(eq(eventStreamCursors.streamId, id));
    }
    await recordAudit(tx, ctx.actor, {
      action: "stream.updated",
      object: { kind: "event_stream", id, name: after.name },
      detail: { changes, addressChanged: url !== after.url, newSecret: renew },
    });
    return { version: version + 1, secret };
  });
}
