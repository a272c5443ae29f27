import { startAnalysis } from "@/lib/analyses/start";
import type { Ctx } from "@/lib/ctx";
import { LEARN_KIND, learnInput } from "@/lib/policy/suggest/model";

/** Begins to learn from a part of the record, in the background. Throws FORBIDDEN, INVALID_INPUT. */
export function startLearning(ctx: Ctx, input: unknown): Promise<{ readonly id: string }> {
  return startAnalysis(ctx, LEARN_KIND, learnInput, input);
}
