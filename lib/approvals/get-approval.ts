import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { ApprovalSettings } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { approvals, approvalVotes, auditEvents, connections, identities } from "@/lib/db/schema";
import { reviewerOf, whyNotDecide } from "./eligibility";
import { lookersAt } from "./look-at";
import { owners } from "./row-columns";
import { type GrantState, grantState } from "./states";
import type { ApprovalRow } from "./transition";

export type ApprovalVote = Omit<typeof approvalVotes.$inferSelect, "approvalId">;
export type ApprovalEvent = Pick<
  typeof auditEvents.$inferSelect,
  "id" | "at" | "action" | "result" | "actorName" | "message" | "detail"
>;

/** Everything a person needs to decide on a request, or to understand what became of it. */
export interface ApprovalDetail {
  readonly approval: Omit<ApprovalRow, "pendingKey">;
  readonly identity: {
    readonly name: string | null;
    readonly kind: "machine" | "person" | null;
    readonly suspended: boolean;
    readonly owner: { readonly id: string; readonly name: string | null } | null;
  };
  /** The connection's settings now; null: it is gone. */
  readonly settings: ApprovalSettings | null;
  /** People who have to approve, by the settings then and now. */
  readonly required: number;
  readonly votes: readonly ApprovalVote[];
  /** Of the audit trail, oldest first. */
  readonly history: readonly ApprovalEvent[];
  readonly grant: GrantState;
  readonly whyNot: string | null;
  readonly lookers: readonly string[];
}

/** One request with its votes and history, or null when there is none. Throws FORBIDDEN. */
export async function getApproval(ctx: Ctx, id: string, at: Date = new Date()): Promise<ApprovalDetail | null> {
  authorise(ctx, "approvals:view");
  const [row] = await ctx.db
    .select({
      approval: approvals,
      identity: identities,
      ownerName: owners.displayName,
      settings: connections.approvals,
    })
    .from(approvals)
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .leftJoin(owners, eq(owners.id, identities.ownerId))
    .leftJoin(connections, eq(connections.id, approvals.connectionId))
    .where(eq(approvals.id, id));
  if (row === undefined) return null;
  const [votes, history, reviewer, lookers] = await Promise.all([
    readVotes(ctx, id),
    readHistory(ctx, id),
    reviewerOf(ctx),
    lookersAt(ctx, [id]),
  ]);
  const { pendingKey: _key, ...approval } = row.approval;
  const ownerId = row.identity?.ownerId ?? null;
  return {
    approval,
    identity: {
      name: row.identity?.displayName ?? null,
      kind: row.identity?.kind ?? null,
      suspended: row.identity?.status === "suspended",
      owner: ownerId === null ? null : { id: ownerId, name: row.ownerName },
    },
    settings: row.settings,
    required: Math.max(approval.required, row.settings?.required ?? 1),
    votes,
    history,
    grant: grantState(approval, at),
    whyNot: whyNotDecide({
      reviewer,
      requesterId: approval.identityId,
      ownerIds: [approval.ownerId, ownerId],
      reviewerGroups: row.settings?.reviewers ?? null,
    }),
    lookers: lookers.get(id) ?? [],
  };
}

function readVotes(ctx: Ctx, id: string): Promise<ApprovalVote[]> {
  const { id: voteId, reviewerId, reviewerName, vote, scope, minutes, note, at } = approvalVotes;
  return ctx.db
    .select({ id: voteId, reviewerId, reviewerName, vote, scope, minutes, note, at })
    .from(approvalVotes)
    .where(eq(approvalVotes.approvalId, id))
    .orderBy(asc(approvalVotes.at));
}

function readHistory(ctx: Ctx, objectId: string): Promise<ApprovalEvent[]> {
  const { id, at, action, result, actorName, message, detail } = auditEvents;
  return ctx.db
    .select({ id, at, action, result, actorName, message, detail })
    .from(auditEvents)
    .where(eq(auditEvents.objectId, objectId))
    .orderBy(asc(auditEvents.id))
    .limit(200);
}
