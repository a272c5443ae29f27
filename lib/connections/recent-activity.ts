import { and, desc, eq, gte, inArray, lt } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, identities, sessions } from "@/lib/db/schema";
import type { AuditAction } from "@/lib/db/schema/audit-events";

const PAGE = 50;

/** What was done to a connection, in its Activity tab. Logins have their own place. */
const ACTIVITY: readonly AuditAction[] = [
  "connection.created",
  "connection.updated",
  "connection.deleted",
  "connection.tested",
  "credential.rotated",
  "restricted_credential.rotated",
  "policy.created",
  "policy.updated",
  "policy.deleted",
  "mask.created",
  "mask.updated",
  "mask.deleted",
  "login.refused",
];

export type ActivityEvent = Pick<
  typeof auditEvents.$inferSelect,
  "id" | "at" | "action" | "result" | "actorName" | "objectName" | "address" | "code" | "message" | "detail"
>;

/** The newest audit events of a connection, 50 a page; `before` is the last event's id of the page before. */
export async function connectionActivity(
  ctx: Ctx,
  connectionName: string,
  before?: string,
): Promise<{ events: ActivityEvent[]; next: string | null }> {
  authorise(ctx, "audit:view");
  const rows = await ctx.db
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      action: auditEvents.action,
      result: auditEvents.result,
      actorName: auditEvents.actorName,
      objectName: auditEvents.objectName,
      address: auditEvents.address,
      code: auditEvents.code,
      message: auditEvents.message,
      detail: auditEvents.detail,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.connectionName, connectionName),
        inArray(auditEvents.action, [...ACTIVITY]),
        ...(before === undefined ? [] : [lt(auditEvents.id, before)]),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(PAGE + 1);
  const events = rows.slice(0, PAGE);
  return { events, next: rows.length > PAGE ? (events.at(-1)?.id ?? null) : null };
}

export interface RecentSession {
  readonly id: string;
  readonly identityName: string;
  readonly clientAddress: string;
  readonly clientProgram: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
  readonly statementCount: number;
}

/** The newest sessions of a connection, at most 50; `since` limits to those that began at or after it. */
export async function recentSessions(
  ctx: Ctx,
  input: { readonly connectionId: string; readonly since?: Date },
): Promise<RecentSession[]> {
  authorise(ctx, "sessions:view");
  return ctx.db
    .select({
      id: sessions.id,
      identityName: identities.displayName,
      clientAddress: sessions.clientAddress,
      clientProgram: sessions.clientProgram,
      startedAt: sessions.startedAt,
      endedAt: sessions.endedAt,
      endReason: sessions.endReason,
      statementCount: sessions.statementCount,
    })
    .from(sessions)
    .innerJoin(identities, eq(sessions.identityId, identities.id))
    .where(
      and(
        eq(sessions.connectionId, input.connectionId),
        ...(input.since === undefined ? [] : [gte(sessions.startedAt, input.since)]),
      ),
    )
    .orderBy(desc(sessions.id))
    .limit(PAGE);
}
