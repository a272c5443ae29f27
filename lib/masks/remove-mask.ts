import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { confirmMasks } from "./confirm-masks";
import { lockMask, lockMasks } from "./lock-mask";
import { maskRemoval } from "./mask-input";
import { deleteMasks } from "./write-masks";

/**
 * Removes a mask: within a second its columns are shown, or hidden by the next mask that is about them. CONFLICT on an old version,
 * INVALID_INPUT at `confirmation` when what it shows has to be confirmed in words.
 */
export async function removeMask(ctx: Ctx, input: z.input<typeof maskRemoval>): Promise<{ column: string }> {
  authorise(ctx, "policies:edit");
  const { id, version, confirmation } = parseInput(maskRemoval, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const { row, connection } = await lockMask(tx, id, version);
    const known = await lockMasks(tx, connection.id);
    const change = { changed: [], removed: [row.column], typed: confirmation };
    const confirmed = await confirmMasks(inside, connection.name, known.values(), change);
    await deleteMasks(inside, connection.name, [row], confirmed);
    await publishRevision(inside, `Mask of ${row.column} removed from ${connection.name}`);
    return { column: row.column };
  });
}
