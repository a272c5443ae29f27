import { z } from "zod";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { castVote } from "./cast-vote";
import { refusalsOnRecord, requireReviewer, takePending } from "./reviewing";
import { transition } from "./transition";

export const denialReason = z.string().trim().min(1, "say why: the client is told").max(500);
export const denialInput = z.strictObject({ id: ulidText, reason: denialReason });

/**
 * One reviewer's denial is final, also where others have approved already. Throws FORBIDDEN, NOT_FOUND, or CONFLICT with who decided
 * when somebody else was first.
 */
export async function deny(
  ctx: Ctx,
  input: z.input<typeof denialInput>,
  at: Date = new Date(),
): Promise<{ readonly id: string }> {
  const reviewer = requireReviewer(ctx);
  const { id, reason } = parseInput(denialInput, input, "The denial");
  return refusalsOnRecord(ctx, id, () =>
    inTransaction(ctx.db, async (tx) => {
      await takePending({ ...ctx, db: tx }, id, at);
      await castVote(tx, id, reviewer, { vote: "deny", scope: null, minutes: null, note: reason, at });
      const denied = await transition(tx, reviewer, { id, from: "pending", to: "denied", at, note: reason });
      if (denied === null) throw new SallyportError("INTERNAL", "The request changed while it was held");
      return { id };
    }),
  );
}
