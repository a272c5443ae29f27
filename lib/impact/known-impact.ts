import { and, eq, gte, inArray } from "drizzle-orm";
import { inputHash } from "@/lib/analyses/start";
import type { DbOrTx } from "@/lib/db/client";
import { analyses } from "@/lib/db/schema";
import { IMPACT_DAYS, type ImpactDraft, LONGEST_IMPACT } from "@/lib/policy/impact/draft";
import { IMPACT_KIND, type ImpactInput, type ImpactResult, impactInput } from "@/lib/policy/impact/model";
import { newestRevision } from "@/lib/policy/revisions/newest-revision";

const FRESH_MS = 86_400_000;

/** A finished impact that still holds. */
export interface KnownImpact {
  readonly id: string;
  readonly days: number;
  readonly endedAt: Date | null;
  readonly result: ImpactResult;
}

/**
 * The finished impact of exactly this draft over the longest period, of those the newest: a shorter one must not hide what it shows. Null
 * where there is none that still holds: it is at most a day old, and compared with the revision that is in force now. That nothing was
 * recorded is believed of the longest period alone.
 */
export async function knownImpact(db: DbOrTx, draft: ImpactDraft): Promise<KnownImpact | null> {
  const since = new Date(Date.now() - FRESH_MS);
  const hashes = IMPACT_DAYS.map((days) => inputHash(IMPACT_KIND, impactInput.parse({ ...draft, days })));
  const revision = await newestRevision(db);
  const rows = await db
    .select({ id: analyses.id, input: analyses.input, endedAt: analyses.endedAt, result: analyses.result })
    .from(analyses)
    .where(and(inArray(analyses.inputHash, hashes), eq(analyses.state, "done"), gte(analyses.startedAt, since)));
  const known = rows.flatMap(({ id, input, endedAt, result: stored }): KnownImpact[] => {
    if (stored === null) return [];
    // Both were written by the analyst of this kind: the input parsed, the result of its type.
    const { days } = input as ImpactInput;
    const result = JSON.parse(stored) as ImpactResult;
    const tells = result.statements > 0 || days === LONGEST_IMPACT;
    return tells && result.revision === revision ? [{ id, days, endedAt, result }] : [];
  });
  return known.sort((a, b) => b.days - a.days || (a.id < b.id ? 1 : -1))[0] ?? null;
}
