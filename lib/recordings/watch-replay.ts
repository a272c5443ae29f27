import { and, eq, gte } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, sessions } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";

/** Within this time, further looks at the same session by the same person are the same watching. */
const ONE_WATCHING_MS = 60 * 60 * 1000;

/**
 * Records that somebody watches a session's replay, once per person, session and hour. Whatever shows results calls it before it
 * does. Throws FORBIDDEN, NOT_FOUND.
 */
export async function watchReplay(ctx: Ctx, sessionId: string, now: Date = new Date()): Promise<void> {
  authorise(ctx, "recordings:view");
  const { actor } = ctx;
  if (actor.kind !== "system") {
    const [known] = await ctx.db
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.objectId, sessionId),
          gte(auditEvents.id, firstIdAt(new Date(now.getTime() - ONE_WATCHING_MS))),
          eq(auditEvents.action, "replay.watched"),
          eq(auditEvents.actorId, actor.id),
        ),
      )
      .limit(1);
    if (known !== undefined) return;
  }
  const [session] = await ctx.db
    .select({ connectionName: sessions.connectionName })
    .from(sessions)
    .where(eq(sessions.id, sessionId));
  if (session === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no session with this id", {
      next: "Look for it in the list of sessions",
    });
  }
  await recordAudit(ctx.db, actor, {
    action: "replay.watched",
    object: { kind: "session", id: sessionId, name: sessionId },
    connectionName: session.connectionName,
  });
}
