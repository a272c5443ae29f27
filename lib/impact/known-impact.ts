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
    .select({ id: analyses.id, input: analyses.input, endedAt: analyses.endedAt })
    .from(analyses)
    .where(and(inArray(analyses.inputHash, hashes), eq(analyses.state, "done"), gte(analyses.startedAt, since)));
  // A result may be megabytes, and most often the first one holds: they are read one by one.
  const newest = rows
    .map(({ id, input, endedAt }) => ({ id, days: daysOf(input), endedAt }))
    .sort((a, b) => b.days - a.days || (a.id < b.id ? 1 : -1));
  for (const { id, days, endedAt } of newest) {
    const result = await resultOf(db, id);
    const tells = result !== null && (result.statements > 0 || days === LONGEST_IMPACT);
    if (tells && result.revision === revision) return { id, days, endedAt, result };
  }
  return null;
}

/** The analyst of this kind has parsed the input that it was queued with. */
const daysOf = (input: unknown) => (input as ImpactInput).days;

async function resultOf(db: DbOrTx, id: string): Promise<ImpactResult | null> {
  const [row] = await db.select({ result: analyses.result }).from(analyses).where(eq(analyses.id, id));
  // The analyst of this kind wrote it.
  return row?.result == null ? null : (JSON.parse(row.result) as ImpactResult);
}
