import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { patternKey } from "@/lib/masking/mask-set";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { lockMask, lockMasks, maskTaken } from "./lock-mask";
import { maskChange } from "./mask-input";
import { replaceMask } from "./write-masks";

/**
 * Replaces what a mask says, its columns included. Decides the next statement of every open session within a second. CONFLICT on an old
 * version. `revision` is null when the input changes nothing.
 */
export async function updateMask(
  ctx: Ctx,
  input: z.input<typeof maskChange>,
): Promise<{ version: number; revision: number | null }> {
  authorise(ctx, "policies:edit");
  const { id, version, summary, ...content } = parseInput(maskChange, input, "The mask");
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const { row, connection } = await lockMask(tx, id, version);
    const other = (await lockMasks(tx, connection.id)).get(patternKey(content.column));
    if (other !== undefined && other.id !== id) throw maskTaken(content.column);
    if (!(await replaceMask(inside, connection.name, row, content))) return { version, revision: null };
    const said = summary ?? `Mask of ${content.column} changed on ${connection.name}`;
    return { version: version + 1, revision: await publishRevision(inside, said) };
  });
}
