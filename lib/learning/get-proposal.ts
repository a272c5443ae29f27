import { type AnalysisHead, getAnalysis } from "@/lib/analyses/read";
import type { Ctx } from "@/lib/ctx";
import { LEARN_KIND, type LearnInput, type LearnResult, learnInput } from "@/lib/policy/suggest/model";

export interface Proposal extends Omit<AnalysisHead, "input"> {
  readonly input: LearnInput;
  /** Null before it is done. */
  readonly result: LearnResult | null;
}

/** What was learned, or how far learning is. Throws FORBIDDEN, NOT_FOUND. */
export async function getProposal(ctx: Ctx, id: string): Promise<Proposal> {
  const { input, result, ...head } = await getAnalysis(ctx, LEARN_KIND, id);
  // Only the analyst of this kind writes results, and it writes this type.
  return { ...head, input: learnInput.parse(input), result: result as LearnResult | null };
}
