import { type AnalysisHead, getAnalysis } from "@/lib/analyses/read";
import type { Ctx } from "@/lib/ctx";
import { LEARN_KIND, type LearnInput, type LearnResult, learnInput } from "@/lib/policy/suggest/model";

export interface Proposal {
  readonly analysis: AnalysisHead;
  readonly input: LearnInput;
  /** Null before it is done. */
  readonly result: LearnResult | null;
}

/** What was learned, or how far it is. Throws FORBIDDEN, NOT_FOUND. */
export async function getProposal(ctx: Ctx, id: string): Promise<Proposal> {
  const { result, ...analysis } = await getAnalysis(ctx, LEARN_KIND, id);
  // Written by the analyst of this kind, whose result has this type.
  return { analysis, input: learnInput.parse(analysis.input), result: result as LearnResult | null };
}
