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
 * INVALID_INPUT at `confirmation` when a stricter mask gives way to one and what that shows has to be confirmed in words.
 */
export const applySuggestedMasks: ApplyMasks = async (ctx, connectionId, masks, typed) => {
  authorise(ctx, "policies:edit");
  const connection = await lockConnection(ctx.db, connectionId);
  const known = await lockMasks(ctx.db, connectionId);
  const change = { changed: masks, removed: [], typed };
  const confirmed = await confirmMasks(ctx, connection.name, known.values(), change);
  let changed = 0;
  for (const content of masks) {
    const row = known.get(patternKey(content.column));
    if (row === undefined) {
      await insertMask(ctx, connection, content, confirmed);
      changed += 1;
    } else if (await replaceMask(ctx, connection.name, row, { ...content, column: row.column }, confirmed)) {
      changed += 1;
    }
  }
  if (changed === 0) return;
  const what = masks.length === 1 ? `Mask of ${masks[0]?.column}` : `Masks of ${changed} columns`;
  await publishRevision(ctx, `${what} accepted as suggested on ${connection.name}`);
};
