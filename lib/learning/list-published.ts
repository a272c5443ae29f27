import { and, asc, gte, inArray, isNotNull, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { learnedOrigin } from "@/lib/policy/policy-input";

/** A policy that was published with rules of a proposal. */
export interface PublishedProposal {
  readonly analysis: string;
  /** Which of the proposal's policies. */
  readonly proposed: number;
  readonly policy: { readonly id: string; readonly name: string };
  /** A new policy, or one that there was. */
  readonly created: boolean;
  readonly by: string;
  readonly at: Date;
}

/** What became of proposals made since an instant, by the audit trail, oldest first. Throws FORBIDDEN. */
export async function listPublished(ctx: Ctx, since: Date): Promise<readonly PublishedProposal[]> {
  authorise(ctx, "analyses:view");
  const origin = sql<string | null>`json_extract(${auditEvents.detail}, '$.learned')`;
  const rows = await ctx.db
    .select({
      origin,
      action: auditEvents.action,
      id: auditEvents.objectId,
      name: auditEvents.objectName,
      by: auditEvents.actorName,
      at: auditEvents.at,
    })
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.action, ["policy.created", "policy.updated"]),
        gte(auditEvents.id, firstIdAt(since)),
        isNotNull(origin),
      ),
    )
    .orderBy(asc(auditEvents.id));
  return rows.flatMap(({ origin: found, action, id, name, by, at }) => {
    // MySQL gives JSON as a value, MariaDB as its text.
    const parsed = learnedOrigin.safeParse(typeof found === "string" ? JSON.parse(found) : found);
    if (!parsed.success || id === null) return [];
    const { analysis, policy } = parsed.data;
    return [
      { analysis, proposed: policy, policy: { id, name: name ?? id }, created: action === "policy.created", by, at },
    ];
  });
}
