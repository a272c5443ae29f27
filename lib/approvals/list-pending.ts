import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals, connections, identities } from "@/lib/db/schema";
import { parseInput } from "@/lib/parse-input";
import { reviewerOf, whyNotDecide } from "./eligibility";
import { type PendingFilter, pendingFilter } from "./filter";
import { lookersAt } from "./look-at";
import { readableSql } from "./readable-sql";
import { owners, rowColumns } from "./row-columns";

export const PENDING_LIMIT = 500;

const columns = { ...rowColumns, parameters: approvals.parameters, settings: connections.approvals };

function readPending(db: Ctx["db"], where: SQL | undefined, at: Date) {
  const now = sql.param(at, approvals.expiresAt);
  const held = sql`${approvals.holdState} = 'held' AND ${approvals.holdUntil} > ${now}`;
  return db
    .select(columns)
    .from(approvals)
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .leftJoin(owners, eq(owners.id, identities.ownerId))
    .leftJoin(connections, eq(connections.id, approvals.connectionId))
    .where(and(eq(approvals.state, "pending"), gt(approvals.expiresAt, at), where))
    .orderBy(asc(sql`IF(${held}, ${approvals.holdUntil}, ${approvals.expiresAt})`), asc(approvals.id))
    .limit(PENDING_LIMIT + 1);
}

type Row = Awaited<ReturnType<typeof readPending>>[number];

/** One open request in the queue. */
export interface PendingApproval extends Omit<Row, "settings" | "parameters"> {
  /** Until a client stops waiting, or the request expires. */
  readonly deadline: Date;
  readonly waiting: boolean;
  /** Why the person who asks may not decide on it; null when they may. */
  readonly whyNot: string | null;
  /** Others who look at it now. */
  readonly lookers: readonly string[];
}

/**
 * The queue: open requests, least time left first, at most PENDING_LIMIT; `more` tells that there are others. Throws FORBIDDEN, INVALID_INPUT.
 */
export async function listPending(
  ctx: Ctx,
  input: PendingFilter = {},
  at: Date = new Date(),
): Promise<{ readonly rows: readonly PendingApproval[]; readonly more: boolean }> {
  authorise(ctx, "approvals:view");
  const { connection, identity, statementClass, hold, mine } = parseInput(pendingFilter, input, "The filter");
  const where = and(
    connection === undefined ? undefined : eq(approvals.connectionName, connection),
    identity === undefined ? undefined : eq(approvals.identityId, identity),
    statementClass === undefined ? undefined : eq(approvals.statementClass, statementClass),
    hold === undefined ? undefined : eq(approvals.holdState, hold),
  );
  const [read, reviewer] = await Promise.all([readPending(ctx.db, where, at), reviewerOf(ctx)]);
  const kept = read.slice(0, PENDING_LIMIT);
  const lookers = await lookersAt(
    ctx,
    kept.map((row) => row.id),
  );
  const rows = kept.map(({ settings, parameters, ...row }): PendingApproval => {
    const waiting = row.holdState === "held" && row.holdUntil !== null && row.holdUntil > at;
    return {
      ...row,
      sqlPreview: readableSql(row.sqlPreview, parameters, "mysql").text.replaceAll(/\s+/g, " "),
      required: Math.max(row.required, settings?.required ?? 1),
      waiting,
      deadline: waiting && row.holdUntil !== null ? row.holdUntil : row.expiresAt,
      whyNot: whyNotDecide({
        reviewer,
        requesterId: row.identityId,
        ownerIds: [row.ownerAtRequest, row.ownerId],
        reviewerGroups: settings?.reviewers ?? null,
      }),
      lookers: lookers.get(row.id) ?? [],
    };
  });
  return { rows: mine === true ? rows.filter((row) => row.whyNot === null) : rows, more: read.length > PENDING_LIMIT };
}

/** How many requests wait for a decision: the badge. Throws FORBIDDEN. */
export async function countPending(ctx: Ctx, at: Date = new Date()): Promise<number> {
  authorise(ctx, "approvals:view");
  return ctx.db.$count(approvals, and(eq(approvals.state, "pending"), gt(approvals.expiresAt, at)));
}
