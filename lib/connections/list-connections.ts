import { asc, count, inArray, isNull, max } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, policies, sessions } from "@/lib/db/schema";
import type { Binding } from "@/lib/policy/binding";
import { type LastTest, lastTests } from "./last-tests";
import { type ConnectionView, publicColumns } from "./view";

export interface ConnectionListItem extends ConnectionView {
  readonly policies: readonly { readonly name: string; readonly identities: readonly Binding[] }[];
  readonly liveSessions: number;
  /** When the newest session began or, if later, sent its last statement; null when no session ever was. */
  readonly lastUsedAt: Date | null;
  readonly lastTest: LastTest | null;
}

/** Every connection by name, with who may use it and what is known of its use. */
export async function listConnections(ctx: Ctx): Promise<ConnectionListItem[]> {
  authorise(ctx, "connections:view");
  const rows = await ctx.db.select(publicColumns).from(connections).orderBy(asc(connections.name));
  if (rows.length === 0) {
    return [];
  }
  const ids = rows.map((row) => row.id);
  const [bound, live, newest, tests] = await Promise.all([
    ctx.db
      .select({ connectionId: policies.connectionId, name: policies.name, identities: policies.identities })
      .from(policies)
      .orderBy(asc(policies.name)),
    ctx.db
      .select({ connectionId: sessions.connectionId, open: count() })
      .from(sessions)
      .where(isNull(sessions.endedAt))
      .groupBy(sessions.connectionId),
    newestSessions(ctx, ids),
    lastTests(ctx.db, ids),
  ]);
  return rows.map((row) => ({
    ...row,
    policies: bound.filter((one) => one.connectionId === row.id).map(({ name, identities }) => ({ name, identities })),
    liveSessions: live.find((one) => one.connectionId === row.id)?.open ?? 0,
    lastUsedAt: newest.get(row.id) ?? null,
    lastTest: tests.get(row.id) ?? null,
  }));
}

/** Session ids are ordered by time, so the newest session of each connection is one step in its index. */
async function newestSessions(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Date>> {
  const newest = await ctx.db
    .select({ id: max(sessions.id) })
    .from(sessions)
    .where(inArray(sessions.connectionId, [...ids]))
    .groupBy(sessions.connectionId);
  const sessionIds = newest.flatMap((row) => (row.id === null ? [] : [row.id]));
  if (sessionIds.length === 0) {
    return new Map();
  }
  const rows = await ctx.db
    .select({ connectionId: sessions.connectionId, startedAt: sessions.startedAt, last: sessions.lastStatementAt })
    .from(sessions)
    .where(inArray(sessions.id, sessionIds));
  return new Map(
    rows.flatMap((row) => (row.connectionId === null ? [] : [[row.connectionId, row.last ?? row.startedAt]])),
  );
}
