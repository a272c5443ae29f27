import { authorise } from "@/lib/auth/authorise";
import { lockConnection } from "@/lib/connections/conflicts";
import type { ApplyMasks } from "@/lib/findings/accept";
import { patternKey } from "@/lib/masking/mask-set";
import { publishRevision } from "@/lib/policy/publish-revision";
import { confirmMasks } from "./confirm-masks";
import { lockMasks } from "./lock-mask";
import { insertMask, replaceMask } from "./write-masks";

/**
 * Makes masks of accepted suggestions, all in one revision; a column that has one of its own gets the new one. `ctx.db` is the transaction.
 * Suggestions are about columns in clear: one that would take the place of a stricter mask is refused, the editor of masks asks for it.
 */
export const applySuggestedMasks: ApplyMasks = async (ctx, connectionId, masks) => {
  authorise(ctx, "policies:edit");
  const connection = await lockConnection(ctx.db, connectionId);
  const known = await lockMasks(ctx.db, connectionId);
  await confirmMasks(ctx, connection.name, known.values(), { changed: masks, removed: [], typed: undefined });
  let changed = 0;
  for (const content of masks) {
    const row = known.get(patternKey(content.column));
    if (row === undefined) {
      await insertMask(ctx, connection, content);
      changed += 1;
    } else if (await replaceMask(ctx, connection.name, row, { ...content, column: row.column })) {
      changed += 1;
    }
  }
  if (changed === 0) return;
  const what = masks.length === 1 ? `Mask of ${masks[0]?.column}` : `Masks of ${changed} columns`;
  await publishRevision(ctx, `${what} accepted as suggested on ${connection.name}`);
};
