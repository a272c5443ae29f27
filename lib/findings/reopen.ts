import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { decide, findingIds } from "./decide";

export const findingReopening = z.strictObject({ ids: findingIds });

/** Takes a decision back: the columns are unreviewed again; their masks stay. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND, CONFLICT. */
export async function reopenFindings(ctx: Ctx, input: z.input<typeof findingReopening>): Promise<void> {
  authorise(ctx, "findings:edit");
  const { ids } = parseInput(findingReopening, input, "The request");
  await inTransaction(ctx.db, (tx) => decide({ ...ctx, db: tx }, ids, "reopen"));
}
