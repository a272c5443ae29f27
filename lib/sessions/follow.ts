import { and, eq, gte, isNull } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { inTransaction } from "@/lib/db/transaction";
import { firstIdAt, ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";

/** How long a page that watches is believed to; it says so again before. */
export const FOLLOW_SECONDS = 15;
/** One event per person and session in this time, however long somebody watches. */
const ONCE_MS = 3_600_000;

const followed = z.strictObject({ id: ulidText });

/**
 * Somebody watches a live session: its gateway brings its frames to the store at once, for FOLLOW_SECONDS. Throws FORBIDDEN, NOT_FOUND, or
 * CONFLICT when the session is over.
 */
export async function followSession(ctx: Ctx, input: z.input<typeof followed>): Promise<{ readonly until: Date }> {
  authorise(ctx, "recordings:view");
  const { id } = parseInput(followed, input, "The request");
  const until = new Date((await storeNow(ctx.db)).getTime() + FOLLOW_SECONDS * 1000);
  return inTransaction(ctx.db, async (tx) => {
    // First of all: it locks the row, and what is read behind it is what others have committed.
    const [marked] = await tx
      .update(sessions)
      .set({ followedUntil: until })
      .where(and(eq(sessions.id, id), isNull(sessions.endedAt)));
    const [row] = await tx
      .select({ wireId: sessions.wireId, connectionName: sessions.connectionName, identityId: sessions.identityId })
      .from(sessions)
      .where(eq(sessions.id, id));
    if (row === undefined) throw new SallyportError("NOT_FOUND", "There is no such session");
    if (marked.affectedRows === 0) {
      throw new SallyportError("CONFLICT", "The session has ended", { next: "Watch its recording" });
    }
    if (!(await isTold(tx, ctx, id))) {
      await recordAudit(tx, ctx.actor, {
        action: "session.followed",
        object: { kind: "session", id, name: `session ${row.wireId}` },
        connectionName: row.connectionName,
        detail: { identityId: row.identityId },
      });
    }
    return { until };
  });
}

/** The session's row is locked by then: two tabs write one event. */
async function isTold(tx: Ctx["db"], ctx: Ctx, id: string): Promise<boolean> {
  if (ctx.actor.kind === "system") return false;
  const [told] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.objectId, id),
        gte(auditEvents.id, firstIdAt(new Date(Date.now() - ONCE_MS))),
        eq(auditEvents.action, "session.followed"),
        eq(auditEvents.actorId, ctx.actor.id),
      ),
    )
    .limit(1);
  return told !== undefined;
}
