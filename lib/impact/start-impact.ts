import { startAnalysis } from "@/lib/analyses/start";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { parseInput } from "@/lib/parse-input";
import { IMPACT_KIND, impactInput } from "@/lib/policy/impact/model";
import { storedConnection } from "@/lib/policy/stored-state";

/**
 * Asks what a draft would do to the recorded statements of the last days: long work, whose id this gives. Throws FORBIDDEN, INVALID_INPUT,
 * and NOT_FOUND for an unknown connection.
 */
export async function startImpact(ctx: Ctx, input: unknown): Promise<{ readonly id: string }> {
  authorise(ctx, "analyses:run");
  const { connection } = parseInput(impactInput, input, "The draft");
  await storedConnection(ctx.db, connection);
  return startAnalysis(ctx, IMPACT_KIND, impactInput, input);
}
