import { and, count, desc, eq, gt, inArray, isNull, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { rolesOf } from "@/lib/auth/roles";
import type { Ctx, Role } from "@/lib/ctx";
import { containsText } from "@/lib/db/like";
import { connections, consoleSessions, gateways, identities, policies, sessions } from "@/lib/db/schema";
import { IDENTITY_KINDS, IDENTITY_STATUSES } from "@/lib/db/schema/identities";
import { storeNow } from "@/lib/db/store-now";
import { binds } from "@/lib/policy/binding";
import { isRunning } from "@/lib/sessions/live-state";

export const identityFilter = z.strictObject({
  kind: z.enum(IDENTITY_KINDS).optional(),
  status: z.enum(IDENTITY_STATUSES).optional(),
  /** A part of name, e-mail address, client id or subject. */
  q: z.string().min(1).max(200).optional(),
});
export type IdentityFilter = z.output<typeof identityFilter>;
export const IDENTITY_LIST_LIMIT = 500;

type Row = typeof identities.$inferSelect;
type RoleMap = Readonly<Record<Role, readonly string[]>>;

/** An identity with what follows from its groups and bindings at this moment. */
export interface IdentityView extends Omit<Row, "sessionVersion"> {
  /** In the console; by SALLYPORT_ROLES. */
  readonly roles: readonly Role[];
  /** Connections whose policies bind it, by name. */
  readonly connections: readonly { readonly name: string; readonly policy: string }[];
  readonly liveSessions: number;
}

/**
 * Identities that meet the filter, last seen first, at most IDENTITY_LIST_LIMIT; `more` tells that there are others.
 * Throws FORBIDDEN.
 */
export async function listIdentities(
  ctx: Ctx,
  input: { readonly filter: IdentityFilter; readonly roleMap: RoleMap },
): Promise<{ readonly rows: readonly IdentityView[]; readonly more: boolean }> {
  authorise(ctx, "identities:view");
  const { kind, status, q } = input.filter;
  const where: (SQL | undefined)[] = [
    kind && eq(identities.kind, kind),
    status && eq(identities.status, status),
    q &&
      or(
        ...[identities.displayName, identities.email, identities.clientId, identities.subject].map((column) =>
          containsText(column, q),
        ),
      ),
  ].map((condition) => condition || undefined);
  const rows = await ctx.db
    .select()
    .from(identities)
    .where(and(...where))
    .orderBy(desc(identities.lastSeenAt), desc(identities.id))
    .limit(IDENTITY_LIST_LIMIT + 1);
  return {
    rows: await describe(ctx, rows.slice(0, IDENTITY_LIST_LIMIT), input.roleMap),
    more: rows.length > IDENTITY_LIST_LIMIT,
  };
}

/** One identity, or null. Throws FORBIDDEN. */
export async function getIdentity(
  ctx: Ctx,
  input: { readonly id: string; readonly roleMap: RoleMap },
): Promise<(IdentityView & { readonly consoleSessions: readonly ConsoleSessionView[] }) | null> {
  authorise(ctx, "identities:view");
  const rows = await ctx.db.select().from(identities).where(eq(identities.id, input.id));
  const [view] = await describe(ctx, rows, input.roleMap);
  const [row] = rows;
  if (view === undefined || row === undefined) return null;
  return { ...view, consoleSessions: await openConsoleSessions(ctx, row) };
}

/** One browser signed in, as far as is known: it may have been closed. */
export interface ConsoleSessionView {
  readonly id: string;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

function openConsoleSessions(ctx: Ctx, row: Row): Promise<ConsoleSessionView[]> {
  return ctx.db
    .select({
      id: consoleSessions.id,
      userAgent: consoleSessions.userAgent,
      createdAt: consoleSessions.createdAt,
      lastSeenAt: consoleSessions.lastSeenAt,
    })
    .from(consoleSessions)
    .where(
      and(
        eq(consoleSessions.identityId, row.id),
        eq(consoleSessions.sessionVersion, row.sessionVersion),
        isNull(consoleSessions.revokedAt),
        gt(consoleSessions.expiresAt, new Date()),
      ),
    )
    .orderBy(desc(consoleSessions.lastSeenAt));
}

async function describe(ctx: Ctx, rows: readonly Row[], roleMap: RoleMap): Promise<IdentityView[]> {
  if (rows.length === 0) return [];
  const [bound, live] = await Promise.all([
    ctx.db
      .select({ connection: connections.name, policy: policies.name, identities: policies.identities })
      .from(policies)
      .innerJoin(connections, eq(connections.id, policies.connectionId))
      .orderBy(connections.name, policies.name),
    liveCounts(
      ctx,
      rows.map((row) => row.id),
    ),
  ]);
  return rows.map(({ sessionVersion: _, ...row }) => ({
    ...row,
    roles: row.kind === "person" ? rolesOf(row.groups, roleMap) : [],
    connections: bound
      .filter((one) => binds(one.identities, row))
      .map((one) => ({ name: one.connection, policy: one.policy })),
    liveSessions: live.get(row.id) ?? 0,
  }));
}

async function liveCounts(ctx: Ctx, ids: readonly string[]): Promise<Map<string, number>> {
  const now = await storeNow(ctx.db);
  const rows = await ctx.db
    .select({ id: sessions.identityId, open: count() })
    .from(sessions)
    .innerJoin(gateways, eq(gateways.id, sessions.gatewayId))
    .where(and(inArray(sessions.identityId, [...ids]), isRunning(now)))
    .groupBy(sessions.identityId);
  return new Map(rows.map((row) => [row.id, row.open]));
}
