import { type AnalysisHead, getAnalysis } from "@/lib/analyses/read";
import type { Ctx } from "@/lib/ctx";
import { IMPACT_KIND, type ImpactResult } from "@/lib/policy/impact/model";

export interface StoredImpact {
  readonly analysis: AnalysisHead;
  /** Null before it is done. */
  readonly result: ImpactResult | null;
}

/** How far the impact of a draft is, and what it is. Throws FORBIDDEN, NOT_FOUND. */
export async function readImpact(ctx: Ctx, id: string): Promise<StoredImpact> {
  const { result, ...analysis } = await getAnalysis(ctx, IMPACT_KIND, id);
  return { analysis, result: resultOf(result) };
}

/** What the impact's own analyst has stored. */
function resultOf(stored: unknown): ImpactResult | null {
  return stored as ImpactResult | null;
}
