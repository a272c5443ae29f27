import { inputHash } from "@/lib/analyses/start";
import type { Db } from "@/lib/db/client";
import { analyses } from "@/lib/db/schema";
import type { AnalysisState } from "@/lib/db/schema/analyses";
import { newId } from "@/lib/ids";
import type { ImpactDays, ImpactDraft } from "@/lib/policy/impact/draft";
import { IMPACT_KIND, type ImpactResult, impactInput } from "@/lib/policy/impact/model";
import { newestRevision } from "@/lib/policy/revisions/newest-revision";

/** An impact in which nothing changes, unless `totals` say something else. */
export function impactResult(
  totals: Partial<ImpactResult["totals"]> = {},
  rest: Partial<Omit<ImpactResult, "totals">> = {},
): ImpactResult {
  const none = { newly_blocked: 0, newly_held: 0, newly_allowed: 0, newly_unmasked: 0, newly_masked: 0 };
  return {
    since: "2026-01-01T00:00:00.000Z",
    until: "2026-01-08T00:00:00.000Z",
    statements: 120,
    templates: 6,
    identities: 2,
    unchanged: 120,
    changes: [],
    moreChanges: 0,
    unknown: { text_cut: 0, values_unknown: 0 },
    catalogueHash: "0".repeat(64),
    revision: null,
    ...rest,
    totals: { ...none, ...totals },
  };
}

/** The impact of a draft as a console leaves it behind, compared with what is in force now. Returns its id. */
export async function insertImpact(
  db: Db,
  draft: ImpactDraft,
  result: ImpactResult,
  { days = 7, at = new Date(), state = "done" }: { days?: ImpactDays; at?: Date; state?: AnalysisState } = {},
): Promise<string> {
  const id = newId();
  const input = impactInput.parse({ ...draft, days });
  await db.insert(analyses).values({
    id,
    kind: IMPACT_KIND,
    connectionName: draft.connection,
    input,
    inputHash: inputHash(IMPACT_KIND, input),
    state,
    createdAt: at,
    createdBy: "test",
    progress: 1,
    startedAt: at,
    heartbeatAt: at,
    endedAt: at,
    result: state === "done" ? JSON.stringify({ ...result, revision: await newestRevision(db) }) : null,
  });
  return id;
}
