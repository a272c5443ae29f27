import { and, eq, isNotNull, isNull } from "drizzle-orm";
import type { Db } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import type { LiveSession } from "../session/registry";

export type KillableSession = Pick<LiveSession, "id" | "terminate" | "killStatement">;

/**
 * Carries out the kill requests that other processes wrote for this gateway's open sessions. A request for the statement only
 * is taken off the row once done; a whole session's stays as the record of who asked.
 */
export async function runKillRequests(
  db: Db,
  gatewayId: string,
  find: (wireId: number) => KillableSession | null,
  onError: (error: unknown) => void,
): Promise<void> {
  const asked = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.gatewayId, gatewayId), isNull(sessions.endedAt), isNotNull(sessions.killRequestedAt)));
  for (const row of asked) {
    const session = find(row.wireId);
    if (session === null || session.id !== row.id || row.killRequestedAt === null) {
      continue;
    }
    if (!row.killStatementOnly) {
      session.terminate("killed");
      continue;
    }
    // Taken off the row first: a request that stayed would interrupt a later statement as well.
    const [taken] = await db
      .update(sessions)
      .set({ killRequestedAt: null, killRequestedBy: null, killStatementOnly: false })
      .where(and(eq(sessions.id, row.id), eq(sessions.killRequestedAt, row.killRequestedAt)));
    if (taken.affectedRows > 0) {
      session.killStatement().catch(onError);
    }
  }
}
