import { startAnalysis } from "@/lib/analyses/start";
import type { Ctx } from "@/lib/ctx";
import { UNUSED_KIND, unusedInput } from "@/lib/policy/unused/model";

/** Begins to look for what the policies of a connection grant and nobody has used. Throws FORBIDDEN, INVALID_INPUT. */
export function startUnused(ctx: Ctx, input: unknown): Promise<{ readonly id: string }> {
  return startAnalysis(ctx, UNUSED_KIND, unusedInput, input);
}
