import { and, desc, eq, gte, inArray, max } from "drizzle-orm";
import { inputHash } from "@/lib/analyses/start";
import type { DbOrTx } from "@/lib/db/client";
import { analyses, revisions } from "@/lib/db/schema";
import { IMPACT_DAYS, type ImpactDraft } from "@/lib/policy/impact/draft";
import { IMPACT_KIND, type ImpactInput, type ImpactResult, impactInput } from "@/lib/policy/impact/model";

const FRESH_MS = 86_400_000;

/** A finished impact that still holds. */
export interface KnownImpact {
  readonly id: string;
  readonly days: number;
  readonly endedAt: Date | null;
  readonly result: ImpactResult;
}

/**
 * The newest finished impact of exactly this draft, over any period that the console offers; null where there is none that still holds: it
 * is at most a day old, and nothing was published since it began.
 */
export async function knownImpact(db: DbOrTx, draft: ImpactDraft): Promise<KnownImpact | null> {
  const [published] = await db.select({ at: max(revisions.createdAt) }).from(revisions);
  const dayAgo = Date.now() - FRESH_MS;
  const since = new Date(Math.max(dayAgo, published?.at?.getTime() ?? 0));
  const hashes = IMPACT_DAYS.map((days) => inputHash(IMPACT_KIND, impactInput.parse({ ...draft, days })));
  const [row] = await db
    .select({ id: analyses.id, input: analyses.input, endedAt: analyses.endedAt, result: analyses.result })
    .from(analyses)
    .where(and(inArray(analyses.inputHash, hashes), eq(analyses.state, "done"), gte(analyses.startedAt, since)))
    .orderBy(desc(analyses.id))
    .limit(1);
  if (row === undefined || row.result === null) return null;
  // Both were written by the analyst of this kind: the input parsed, the result of its type.
  const { days } = row.input as ImpactInput;
  return { id: row.id, days, endedAt: row.endedAt, result: JSON.parse(row.result) as ImpactResult };
}
