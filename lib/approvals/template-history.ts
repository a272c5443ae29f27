import { and, count, desc, eq, inArray } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals, identities } from "@/lib/db/schema";
import type { ApprovalState } from "./states";

export const TEMPLATE_HISTORY_LIMIT = 20;

const columns = {
  id: approvals.id,
  state: approvals.state,
  connectionName: approvals.connectionName,
  identityId: approvals.identityId,
  identityName: identities.displayName,
  requestedAt: approvals.requestedAt,
  decidedAt: approvals.decidedAt,
  decidedByName: approvals.decidedByName,
  decisionNote: approvals.decisionNote,
  grantScope: approvals.grantScope,
  grantUses: approvals.grantUses,
};

function readNewest(db: Ctx["db"], templateHash: string) {
  return db
    .select(columns)
    .from(approvals)
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .where(and(eq(approvals.templateHash, templateHash), inArray(approvals.state, ["approved", "denied", "expired"])))
    .orderBy(desc(approvals.id))
    .limit(TEMPLATE_HISTORY_LIMIT);
}

/** What people decided about a template before, whoever asked and on whichever connection. */
export interface TemplateHistory {
  readonly counts: Readonly<Record<ApprovalState, number>>;
  /** Newest first, at most TEMPLATE_HISTORY_LIMIT. */
  readonly newest: Awaited<ReturnType<typeof readNewest>>;
}

/** Who approved and denied requests of this template, and when. Throws FORBIDDEN. */
export async function templateHistory(ctx: Ctx, templateHash: string): Promise<TemplateHistory> {
  authorise(ctx, "approvals:view");
  const [totals, newest] = await Promise.all([
    ctx.db
      .select({ state: approvals.state, total: count() })
      .from(approvals)
      .where(eq(approvals.templateHash, templateHash))
      .groupBy(approvals.state),
    readNewest(ctx.db, templateHash),
  ]);
  const of = (state: ApprovalState) => totals.find((one) => one.state === state)?.total ?? 0;
  return {
    counts: {
      pending: of("pending"),
      approved: of("approved"),
      denied: of("denied"),
      expired: of("expired"),
      cancelled: of("cancelled"),
    },
    newest,
  };
}
