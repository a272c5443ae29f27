import { and, desc, eq, gte } from "drizzle-orm";
import { type AnalysisHead, getAnalysis } from "@/lib/analyses/read";
import { inputHash } from "@/lib/analyses/start";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { analyses } from "@/lib/db/schema";
import { parseInput } from "@/lib/parse-input";
import { IMPACT_KIND, type ImpactResult, impactInput } from "@/lib/policy/impact/model";

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

/**
 * The newest finished impact of exactly this draft that began to read what is in force at `newerThan` or later (the last revision's time:
 * an older one compared with something else); null: there is none. Throws FORBIDDEN, INVALID_INPUT.
 */
export async function impactOf(
  ctx: Ctx,
  input: unknown,
  { newerThan }: { readonly newerThan: Date },
): Promise<(StoredImpact & { readonly result: ImpactResult }) | null> {
  authorise(ctx, "analyses:view");
  const hash = inputHash(IMPACT_KIND, parseInput(impactInput, input, "The draft"));
  const [found] = await ctx.db
    .select({ id: analyses.id })
    .from(analyses)
    .where(and(eq(analyses.inputHash, hash), eq(analyses.state, "done"), gte(analyses.startedAt, newerThan)))
    .orderBy(desc(analyses.id))
    .limit(1);
  if (found === undefined) return null;
  const { analysis, result } = await readImpact(ctx, found.id);
  return result === null ? null : { analysis, result };
}

/** What the impact's own analyst has stored. */
function resultOf(stored: unknown): ImpactResult | null {
  return stored as ImpactResult | null;
}
