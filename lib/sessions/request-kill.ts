import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { bumpFeed } from "@/lib/policy/bump-feed";

export const killRequest = z.strictObject({
  id: z.ulid(),
  /** Whether only the running statement ends (KILL QUERY) or the whole session. */
  statementOnly: z.boolean().default(false),
  /** Why, for the audit trail. */
  reason: z.string().trim().max(500).default(""),
});

/** Asks the gateway that has the session to end it; done within a second. Throws FORBIDDEN, NOT_FOUND, or CONFLICT when it has ended. */
export async function requestKill(ctx: Ctx, input: z.input<typeof killRequest>): Promise<void> {
  authorise(ctx, "sessions:kill");
  const { id, statementOnly, reason } = parseInput(killRequest, input, "The kill request");
  await inTransaction(ctx.db, async (tx) => {
    const [row] = await tx.select().from(sessions).where(eq(sessions.id, id));
    if (row === undefined) {
      throw new SallyportError("NOT_FOUND", "There is no such session");
    }
    if (!(await markKill({ ...ctx, db: tx }, row, statementOnly, reason))) {
      throw new SallyportError("CONFLICT", "The session has ended already", { next: "Reload the page" });
    }
  });
}

/**
 * KILL of another of the identity's own sessions, which may be at any gateway. The identity is the authorisation.
 * Resolves to false unless exactly one open session of it has that greeting id.
 */
export async function requestOwnKill(
  ctx: Ctx,
  identityId: string,
  wireId: number,
  statementOnly: boolean,
): Promise<boolean> {
  return inTransaction(ctx.db, async (tx) => {
    const own = await tx
      .select()
      .from(sessions)
      .where(and(eq(sessions.wireId, wireId), eq(sessions.identityId, identityId), isNull(sessions.endedAt)));
    const [row, ...more] = own;
    return row !== undefined && more.length === 0 && markKill({ ...ctx, db: tx }, row, statementOnly, "");
  });
}

async function markKill(
  ctx: Ctx,
  row: typeof sessions.$inferSelect,
  statementOnly: boolean,
  reason: string,
): Promise<boolean> {
  const db: DbOrTx = ctx.db;
  const [result] = await db
    .update(sessions)
    .set({
      killRequestedAt: new Date(),
      killRequestedBy: ctx.actor.name.slice(0, 255),
      killStatementOnly: statementOnly,
    })
    .where(and(eq(sessions.id, row.id), isNull(sessions.endedAt)));
  if (result.affectedRows === 0) {
    return false;
  }
  await recordAudit(db, ctx.actor, {
    action: "session.kill_requested",
    object: { kind: "session", id: row.id, name: `session ${row.wireId}` },
    connectionName: row.connectionName,
    detail: { statementOnly, identityId: row.identityId, ...(reason === "" ? {} : { reason }) },
  });
  await bumpFeed(db);
  return true;
}
