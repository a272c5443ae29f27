import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { lockMask } from "./lock-mask";
import { maskRemoval } from "./mask-input";
import { deleteMasks } from "./write-masks";

/** Removes a mask: within a second its columns are shown, or hidden by the next mask that is about them. CONFLICT on an old version. */
export async function removeMask(ctx: Ctx, input: z.input<typeof maskRemoval>): Promise<{ column: string }> {
  authorise(ctx, "policies:edit");
  const { id, version } = parseInput(maskRemoval, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const { row, connection } = await lockMask(tx, id, version);
    await deleteMasks(inside, connection.name, [row]);
    await publishRevision(inside, `Mask of ${row.column} removed from ${connection.name}`);
    return { column: row.column };
  });
}
