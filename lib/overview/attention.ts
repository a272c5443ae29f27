import { and, asc, count, desc, eq, gte, inArray, isNull, notExists } from "drizzle-orm";
import { listPending } from "@/lib/approvals/list-pending";
import { authorise } from "@/lib/auth/authorise";
import { may } from "@/lib/auth/roles";
import { lastTests } from "@/lib/connections/last-tests";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, gateways, identities, policies } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { countOpen } from "@/lib/findings/list";
import { HEARTBEAT_LIMIT_MS } from "@/lib/sessions/live-state";

const HOUR_MS = 3_600_000;

/** What someone should look at, most urgent first. */
export type Attention =
  | {
      readonly kind: "approval";
      readonly id: string;
      readonly identity: string;
      readonly connection: string;
      readonly deadline: Date;
      /** Whether a client waits for it right now. */
      readonly waiting: boolean;
      /** Requests that wait beside it. */
      readonly others: number;
    }
  | { readonly kind: "no-gateway" }
  | { readonly kind: "gateway-lost"; readonly count: number }
  | { readonly kind: "refused"; readonly count: number }
  | { readonly kind: "connection-failing"; readonly name: string; readonly step: string; readonly at: Date }
  | { readonly kind: "connection-unbound"; readonly name: string }
  | { readonly kind: "unreviewed-columns"; readonly count: number }
  | { readonly kind: "suspended"; readonly count: number };

/** Whatever needs a person now; empty when all is well. Parts the actor's role may not see are left out. Throws FORBIDDEN. */
export async function needsAttention(ctx: Ctx, at?: Date): Promise<Attention[]> {
  authorise(ctx, "overview:view");
  const now = at ?? (await storeNow(ctx.db));
  const seesAudit = ctx.actor.kind !== "person" || may(ctx.actor.roles, "audit:view");
  const seesFindings = ctx.actor.kind !== "person" || may(ctx.actor.roles, "findings:view");
  const [pending, alive, events, failing, unbound, unreviewed, suspended] = await Promise.all([
    pendingApproval(ctx),
    liveGateways(ctx, now),
    seesAudit ? lastHour(ctx, now) : { lost: 0, refused: 0 },
    failingConnections(ctx),
    unboundConnections(ctx),
    seesFindings ? countOpen(ctx) : 0,
    seesAudit ? ctx.db.$count(identities, eq(identities.status, "suspended")) : 0,
  ]);
  return [
    ...pending,
    ...(alive === 0 ? [{ kind: "no-gateway" } as const] : []),
    ...(events.lost > 0 ? [{ kind: "gateway-lost", count: events.lost } as const] : []),
    ...failing,
    ...(events.refused > 0 ? [{ kind: "refused", count: events.refused } as const] : []),
    ...unbound.map((row) => ({ kind: "connection-unbound", name: row.name }) as const),
    ...(unreviewed > 0 ? [{ kind: "unreviewed-columns", count: unreviewed } as const] : []),
    ...(suspended > 0 ? [{ kind: "suspended", count: suspended } as const] : []),
  ];
}

/** The request with the least time left, if any: nothing on the page is more urgent. */
async function pendingApproval(ctx: Ctx): Promise<Attention[]> {
  const { rows } = await listPending(ctx);
  const [first] = rows;
  if (first === undefined) return [];
  const { id, identityName, identityId, connectionName: connection, deadline, waiting } = first;
  const identity = identityName ?? identityId;
  return [{ kind: "approval", id, identity, connection, deadline, waiting, others: rows.length - 1 }];
}

/** Gateways that show signs of life. */
export function liveGateways(ctx: Ctx, now: Date): Promise<number> {
  return ctx.db.$count(
    gateways,
    and(isNull(gateways.stoppedAt), gte(gateways.heartbeatAt, new Date(now.getTime() - HEARTBEAT_LIMIT_MS))),
  );
}

async function lastHour(ctx: Ctx, now: Date): Promise<{ lost: number; refused: number }> {
  const rows = await ctx.db
    .select({ action: auditEvents.action, total: count() })
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.action, ["login.refused", "console.refused", "gateway.lost"]),
        gte(auditEvents.id, firstIdAt(new Date(now.getTime() - HOUR_MS))),
      ),
    )
    .groupBy(auditEvents.action);
  const of = (action: string) => rows.find((row) => row.action === action)?.total ?? 0;
  return { lost: of("gateway.lost"), refused: of("login.refused") + of("console.refused") };
}

async function failingConnections(ctx: Ctx): Promise<Attention[]> {
  const rows = await ctx.db
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .orderBy(asc(connections.name));
  if (rows.length === 0) return [];
  const tests = await lastTests(
    ctx.db,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) => {
    const test = tests.get(row.id);
    return test === undefined || test.ok
      ? []
      : [{ kind: "connection-failing", name: row.name, step: test.failedStep ?? "unknown", at: test.at } as const];
  });
}

function unboundConnections(ctx: Ctx): Promise<{ name: string }[]> {
  return ctx.db
    .select({ name: connections.name })
    .from(connections)
    .where(
      notExists(ctx.db.select({ id: policies.id }).from(policies).where(eq(policies.connectionId, connections.id))),
    )
    .orderBy(asc(connections.name));
}

export type Refusal = Pick<
  typeof auditEvents.$inferSelect,
  "id" | "at" | "action" | "actorName" | "connectionName" | "message" | "code" | "address"
>;

/** The newest refusals at gateway and console, newest first. Throws FORBIDDEN without audit:view. */
export async function recentRefusals(ctx: Ctx, limit: number): Promise<Refusal[]> {
  authorise(ctx, "audit:view");
  const newest = (action: "login.refused" | "console.refused") =>
    ctx.db
      .select({
        id: auditEvents.id,
        at: auditEvents.at,
        action: auditEvents.action,
        actorName: auditEvents.actorName,
        connectionName: auditEvents.connectionName,
        message: auditEvents.message,
        code: auditEvents.code,
        address: auditEvents.address,
      })
      .from(auditEvents)
      .where(eq(auditEvents.action, action))
      .orderBy(desc(auditEvents.id))
      .limit(limit);
  const rows = (await Promise.all([newest("login.refused"), newest("console.refused")])).flat();
  return rows.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
}
