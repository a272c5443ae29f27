import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { patternKey } from "@/lib/masking/mask-set";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { confirmMasks } from "./confirm-masks";
import { lockMask, lockMasks, maskTaken } from "./lock-mask";
import { maskChange } from "./mask-input";
import { replaceMask } from "./write-masks";

/**
 * Replaces what a mask says, its columns included. Decides the next statement of every open session within a second. CONFLICT on an old
 * version, INVALID_INPUT at `confirmation` when what it shows has to be confirmed in words. `revision` is null when the input changes nothing.
 */
export async function updateMask(
  ctx: Ctx,
  input: z.input<typeof maskChange>,
): Promise<{ version: number; revision: number | null }> {
  authorise(ctx, "policies:edit");
  const { id, version, summary, confirmation, ...content } = parseInput(maskChange, input, "The mask");
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const { row, connection } = await lockMask(tx, id, version);
    const known = await lockMasks(tx, connection.id);
    const other = known.get(patternKey(content.column));
    if (other !== undefined && other.id !== id) throw maskTaken(content.column);
    const change = { changed: [content], removed: [row.column], typed: confirmation };
    const confirmed = await confirmMasks(inside, connection.name, known.values(), change);
    if (!(await replaceMask(inside, connection.name, row, content, confirmed))) return { version, revision: null };
    const said = summary ?? `Mask of ${content.column} changed on ${connection.name}`;
    return { version: version + 1, revision: await publishRevision(inside, said) };
  });
}
