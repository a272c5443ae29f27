import { and, eq, inArray, lt } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { analyses } from "@/lib/db/schema";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import { firstIdAt } from "@/lib/db/ulid-bounds";

const DAY_MS = 86_400_000;
/** Null: kept, as evidence or as where a policy comes from. */
const KEPT_DAYS: Readonly<Record<AnalysisKind, number | null>> = {
  impact: 7,
  unused: 90,
  learn: null,
  self_test: null,
};
const OVER = ["done", "failed", "cancelled"] as const;

/** Deletes results that nobody relies on any more: one round; call it now and then. */
export async function forgetOldAnalyses(db: DbOrTx, now: Date = new Date()): Promise<void> {
  for (const [kind, days] of Object.entries(KEPT_DAYS) as [AnalysisKind, number | null][]) {
    if (days === null) continue;
    const before = firstIdAt(new Date(now.getTime() - days * DAY_MS));
    await db
      .delete(analyses)
      .where(and(eq(analyses.kind, kind), inArray(analyses.state, [...OVER]), lt(analyses.id, before)));
  }
}
