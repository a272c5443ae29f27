import { inArray } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { recordChains } from "@/lib/db/schema";
import type { ReplayIntegrity } from "@/lib/recordings/replay-model";
import { deploymentSigner } from "../process-chain";
import { trustedKeys } from "./trusted-keys";
import { verifySession } from "./verify-session";

/**
 * Whether a session's records are as they were written. `pending`: what is there is, and more is to come, or it is from before there were
 * proofs (`problem` says so). Throws FORBIDDEN, NOT_FOUND.
 */
export async function sessionIntegrity(ctx: Ctx, sessionId: string): Promise<ReplayIntegrity> {
  authorise(ctx, "recordings:view");
  const keys = trustedKeys([deploymentSigner().publicKey]);
  // A live session grows meanwhile.
  const verified = await ctx.db.transaction((tx) => verifySession(tx, keys, sessionId), {
    isolationLevel: "repeatable read",
  });
  const { problems, problemCount, checked, unfinished, before } = verified;
  const { id, kind } = recordChains;
  const chains =
    verified.chains.length === 0
      ? []
      : await ctx.db
          .select({ id, kind })
          .from(recordChains)
          .where(inArray(id, [...verified.chains]));
  const more = problemCount > 1 ? `; and ${problemCount - 1} more` : "";
  const first = problems[0];
  return {
    state: first !== undefined ? "broken" : unfinished || before ? "pending" : "proven",
    checked,
    problem:
      first !== undefined
        ? `${first.message}${more}`
        : before
          ? "the session is from before records were proven"
          : null,
    chains,
  };
}
