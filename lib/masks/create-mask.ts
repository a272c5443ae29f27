import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { lockConnection } from "@/lib/connections/conflicts";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { patternKey } from "@/lib/masking/mask-set";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { confirmMasks } from "./confirm-masks";
import { lockMasks, maskTaken } from "./lock-mask";
import { newMask } from "./mask-input";
import { insertMask } from "./write-masks";

/**
 * Masks columns of a connection. In force at every gateway within a second. INVALID_INPUT at `confirmation` when a stricter mask gives way to
 * it and what that shows has to be confirmed in words.
 */
export async function createMask(
  ctx: Ctx,
  input: z.input<typeof newMask>,
): Promise<{ id: string; version: number; revision: number }> {
  authorise(ctx, "policies:edit");
  const { connectionId, summary, confirmation, ...content } = parseInput(newMask, input, "The mask");
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const connection = await lockConnection(tx, connectionId);
    const known = await lockMasks(tx, connectionId);
    if (known.has(patternKey(content.column))) throw maskTaken(content.column);
    const change = { changed: [content], removed: [], typed: confirmation };
    const confirmed = await confirmMasks(inside, connection.name, known.values(), change);
    const id = await insertMask(inside, connection, content, confirmed);
    const said = summary ?? `Mask of ${content.column} created on ${connection.name}`;
    return { id, version: 1, revision: await publishRevision(inside, said) };
  });
}
