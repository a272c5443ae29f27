import { sql } from "drizzle-orm";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { uniqueName } from "@/lib/connections/conflicts";
import { masterKey } from "@/lib/connections/credential";
import { seal } from "@/lib/crypto/seal";
import type { Ctx } from "@/lib/ctx";
import { eventStreams } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { newSecret } from "@/lib/notifications/signature";
import { parseInput } from "@/lib/parse-input";
import { newStream } from "./input";
import { streamSecretContext } from "./secret-context";
import { skipToNow } from "./skip-to-now";
import { auditedAddress } from "./view";

/** Creates a stream to an address. Its secret comes back this once and never again. Throws FORBIDDEN, INVALID_INPUT. */
export async function createStream(
  ctx: Ctx,
  input: z.input<typeof newStream>,
): Promise<{ readonly id: string; readonly secret: string }> {
  authorise(ctx, "streams:edit");
  const { start, ...given } = parseInput(newStream, input, "The event stream");
  const id = newId();
  const secret = newSecret();
  const sealedSecret = seal(masterKey(), secret, streamSecretContext(id));
  return inTransaction(ctx.db, async (tx) => {
    const now = sql`UTC_TIMESTAMP(3)`;
    const stamp = { createdAt: now, updatedAt: now, updatedBy: ctx.actor.name.slice(0, 255) };
    await uniqueName(given.name, "name", () =>
      tx.insert(eventStreams).values({ ...given, id, sealedSecret, nextAttemptAt: now, ...stamp }),
    );
    if (start === "now") await skipToNow(tx, id);
    await recordAudit(tx, ctx.actor, {
      action: "stream.created",
      object: { kind: "event_stream", id, name: given.name },
      detail: { after: { ...given, url: auditedAddress(given.url), start } },
    });
    return { id, secret };
  });
}
