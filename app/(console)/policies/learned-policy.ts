import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { getProposal } from "@/lib/learning/get-proposal";
import type { LearnedOrigin } from "@/lib/policy/policy-input";
import type { LearnedPolicy } from "@/lib/policy/suggest/review";

/** What was learned, as far as the editor makes a draft of it. */
export interface Learned {
  readonly origin: LearnedOrigin;
  readonly policy: LearnedPolicy;
}

/** The proposed policy that the address asks for (`learned=<id>&proposed=<place>`); null: none. */
export async function learnedPolicy(ctx: ConsoleCtx, params: RawParams): Promise<Learned | null> {
  const { learned, proposed } = params;
  if (typeof learned !== "string" || typeof proposed !== "string" || !may(ctx.actor.roles, "policies:edit"))
    return null;
  try {
    const { analysis, result } = await getProposal(ctx, learned);
    const at = Number(proposed);
    const found = result?.policies[at];
    if (found === undefined) return null;
    return {
      origin: { analysis: analysis.id, policy: at },
      policy: { policy: found.policy, rules: found.rules.map(({ rule }) => ({ rule })) },
    };
  } catch (error) {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") return null;
    throw error;
  }
}
