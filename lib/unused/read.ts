import { type AnalysisHead, getAnalysis } from "@/lib/analyses/read";
import type { Ctx } from "@/lib/ctx";
import { UNUSED_KIND, type UnusedResult } from "@/lib/policy/unused/model";

export interface UnusedAnalysis extends AnalysisHead {
  /** Null before it is done. */
  readonly result: UnusedResult | null;
}

/** One look for unused privileges. Throws FORBIDDEN, NOT_FOUND. */
export async function getUnused(ctx: Ctx, id: string): Promise<UnusedAnalysis> {
  const { result, ...head } = await getAnalysis(ctx, UNUSED_KIND, id);
  // Only the kind's own analyst writes it.
  return { ...head, result: result as UnusedResult | null };
}
