import { eq } from "drizzle-orm";
import { may } from "@/lib/auth/roles";
import type { Actor, Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { approvals, connections, identities } from "@/lib/db/schema";

export type Person = Extract<Actor, { kind: "person" }>;

/** What tells whether somebody may decide on a request. */
export interface DecisionFacts {
  readonly reviewer: { readonly id: string; readonly mayDecide: boolean; readonly groups: readonly string[] };
  /** Who asked, and who answers for it: when it asked and now. */
  readonly requesterId: string;
  readonly ownerIds: readonly (string | null)[];
  /** Groups of which a reviewer must have one; empty: any reviewer. Null: the connection is gone. */
  readonly reviewerGroups: readonly string[] | null;
}

/** Why this person may not decide, as a sentence's end; null when they may. Pages show it, verbs enforce it. */
export function whyNotDecide({ reviewer, requesterId, ownerIds, reviewerGroups }: DecisionFacts): string | null {
  if (!reviewer.mayDecide) return "only people with the reviewer role decide";
  if (reviewer.id === requesterId) return "nobody decides on what they asked for themselves";
  if (ownerIds.includes(reviewer.id)) return "the owner of an identity does not decide on what it asks for";
  if (reviewerGroups === null) return "the connection is gone";
  if (reviewerGroups.length > 0 && !reviewerGroups.some((group) => reviewer.groups.includes(group))) {
    return `reviewers of this connection are in ${reviewerGroups.join(" or ")}`;
  }
  return null;
}

/** The groups of a person as the identity provider last said; none when suspended or unknown. */
export async function groupsOf(db: DbOrTx, personId: string): Promise<readonly string[]> {
  const [row] = await db
    .select({ groups: identities.groups, status: identities.status })
    .from(identities)
    .where(eq(identities.id, personId));
  return row?.status === "active" ? row.groups : [];
}

/** The reviewer's half of the facts; anybody but a person may not decide. */
export async function reviewerOf(ctx: Ctx): Promise<DecisionFacts["reviewer"]> {
  const { actor } = ctx;
  if (actor.kind !== "person") return { id: actor.name, mayDecide: false, groups: [] };
  return { id: actor.id, mayDecide: may(actor.roles, "approvals:decide"), groups: await groupsOf(ctx.db, actor.id) };
}

/** The request's half, with the settings and the owner of this moment; null when there is no such request. */
export async function requestFacts(db: DbOrTx, id: string) {
  const [row] = await db
    .select({
      requesterId: approvals.identityId,
      ownerAtRequest: approvals.ownerId,
      ownerNow: identities.ownerId,
      requiredAtRequest: approvals.required,
      settings: connections.approvals,
    })
    .from(approvals)
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .leftJoin(connections, eq(connections.id, approvals.connectionId))
    .where(eq(approvals.id, id));
  if (row === undefined) return null;
  return {
    requesterId: row.requesterId,
    ownerIds: [row.ownerAtRequest, row.ownerNow],
    reviewerGroups: row.settings?.reviewers ?? null,
    // Asking for more people acts on open requests at once; asking for fewer does not.
    required: Math.max(row.requiredAtRequest, row.settings?.required ?? 1),
  };
}
