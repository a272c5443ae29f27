import { gt, inArray } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { SESSION_PAGE_SIZE } from "./list";
import type { SessionEndReason, SessionState } from "./live-state";
import { describeSession, selectSessions } from "./rows";

/** What changed about a session that a list already shows. */
export interface SessionPulse {
  readonly id: string;
  readonly state: SessionState;
  readonly endReason: SessionEndReason | null;
  readonly endedAt: Date | null;
  readonly statementCount: number;
  readonly errorCount: number;
}

/**
 * What an open list asks for again and again: the state of the sessions it shows, and how many started after `afterId` if one is given.
 * Throws FORBIDDEN.
 */
export async function sessionPulse(
  ctx: Ctx,
  input: { readonly ids: readonly string[]; readonly afterId: string | null },
): Promise<{ readonly newer: number; readonly sessions: readonly SessionPulse[] }> {
  authorise(ctx, "sessions:view");
  const ids = input.ids.slice(0, SESSION_PAGE_SIZE);
  const now = await storeNow(ctx.db);
  const after = input.afterId;
  const [rows, newer] = await Promise.all([
    ids.length === 0 ? [] : selectSessions(ctx.db).where(inArray(sessions.id, [...ids])),
    after === null ? 0 : ctx.db.$count(sessions, gt(sessions.id, after)),
  ]);
  return {
    newer,
    sessions: rows.map((row) => {
      const { id, state, endReason, endedAt, statementCount, errorCount } = describeSession(row, now);
      return { id, state, endReason, endedAt, statementCount, errorCount };
    }),
  };
}
