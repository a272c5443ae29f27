import type { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { lockConnection } from "@/lib/connections/conflicts";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { patternKey } from "@/lib/masking/mask-set";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { confirmMasks } from "./confirm-masks";
import { lockMasks } from "./lock-mask";
import { maskSetting } from "./mask-input";
import { deleteMasks, insertMask, replaceMask } from "./write-masks";

export interface MasksSet {
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  /** The published revision; null when nothing changed. */
  readonly revision: number | null;
}

/**
 * Gives columns of a connection the same mask, whether they have one or not, or with `mask` null takes theirs away: all in one revision.
 * Columns that are named twice, and columns without a mask to take away, make no difference. INVALID_INPUT at `confirmation` when what it
 * shows has to be confirmed in words.
 */
export async function setMasks(ctx: Ctx, input: z.input<typeof maskSetting>): Promise<MasksSet> {
  authorise(ctx, "policies:edit");
  const { connectionId, columns, mask, summary, confirmation } = parseInput(maskSetting, input, "The masks");
  const wanted = new Map(columns.map((column) => [patternKey(column), column]));
  return inTransaction(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx };
    const connection = await lockConnection(tx, connectionId);
    const known = await lockMasks(tx, connectionId);
    const confirmed = await confirmMasks(inside, connection.name, known.values(), {
      changed: mask === null ? [] : [...wanted.values()].map((column) => ({ column, ...mask })),
      removed: mask === null ? columns : [],
      typed: confirmation,
    });
    const done = { created: 0, updated: 0, removed: 0 };
    if (mask === null) {
      const rows = [...wanted.keys()].flatMap((key) => known.get(key) ?? []);
      await deleteMasks(inside, connection.name, rows, confirmed);
      done.removed = rows.length;
    } else {
      for (const [key, column] of wanted) {
        const row = known.get(key);
        if (row === undefined) {
          await insertMask(inside, connection, { column, ...mask }, confirmed);
          done.created += 1;
        } else if (await replaceMask(inside, connection.name, row, { column: row.column, ...mask }, confirmed)) {
          done.updated += 1;
        }
      }
    }
    const count = done.created + done.updated + done.removed;
    if (count === 0) return { ...done, revision: null };
    const what = columns.length === 1 ? `Mask of ${columns[0]}` : `Masks of ${count} columns`;
    const said = summary ?? `${what} ${mask === null ? "removed from" : `set to ${mask.method} on`} ${connection.name}`;
    return { ...done, revision: await publishRevision(inside, said) };
  });
}
