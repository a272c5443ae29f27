import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { decide, findingIds } from "./decide";

export const findingDismissal = z.strictObject({
  ids: findingIds,
  reason: z.string().trim().min(1).max(500).optional(),
});

/**
 * Says that these columns need no mask. They are not suggested again unless they turn out to hold another kind of thing.
 * Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND, CONFLICT.
 */
export async function dismissFindings(ctx: Ctx, input: z.input<typeof findingDismissal>): Promise<void> {
  authorise(ctx, "findings:edit");
  const { ids, reason } = parseInput(findingDismissal, input, "The dismissal");
  await inTransaction(ctx.db, (tx) => decide({ ...ctx, db: tx }, ids, "dismiss", reason));
}
