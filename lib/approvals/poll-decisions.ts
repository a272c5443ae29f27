import { and, inArray, ne } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema";
import type { ApprovalState, GrantScope } from "./states";

/** Ids of one query. */
const CHUNK = 1000;

export interface PolledDecision {
  readonly id: string;
  readonly state: Exclude<ApprovalState, "pending">;
  /** Of a denial or a withdrawal; the note of an approval. */
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly grant: { readonly scope: GrantScope; readonly until: Date; readonly uses: number } | null;
}

/**
 * What became of the requests a gateway holds: those that are settled; pending ones are left out, so that a poll costs by what happened and
 * not by what waits. One query for a thousand ids. An approval is not a grant yet: `takeGrant` is.
 */
export async function pollDecisions(db: DbOrTx, ids: readonly string[]): Promise<PolledDecision[]> {
  const decisions: PolledDecision[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .select({
        id: approvals.id,
        state: approvals.state,
        reason: approvals.decisionNote,
        decidedBy: approvals.decidedByName,
        decidedAt: approvals.decidedAt,
        scope: approvals.grantScope,
        until: approvals.grantUntil,
        uses: approvals.grantUses,
      })
      .from(approvals)
      .where(and(inArray(approvals.id, ids.slice(from, from + CHUNK)), ne(approvals.state, "pending")));
    for (const { state, scope, until, uses, ...row } of rows) {
      if (state === "pending") continue;
      decisions.push({ ...row, state, grant: scope === null || until === null ? null : { scope, until, uses } });
    }
  }
  return decisions;
}
