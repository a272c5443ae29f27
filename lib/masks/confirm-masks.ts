import type { Ctx } from "@/lib/ctx";
import { type Confirmed, confirmChange } from "@/lib/impact/confirm-change";
import type { Mask } from "@/lib/masking/mask";
import { masksImpact, masksWith } from "@/lib/policy/impact/draft";
import { masksOnlyNarrow } from "@/lib/policy/impact/masks-narrow";
import type { MaskRow } from "./mask-columns";
import { readStoredMasks } from "./stored-masks";

/**
 * Lets a change of a connection's masks pass, or throws INVALID_INPUT at `confirmation` when what it shows has to be confirmed in words.
 * `known`: all that are stored. `removed`: columns whose masks go.
 */
export function confirmMasks(
  ctx: Ctx,
  connectionName: string,
  known: Iterable<MaskRow>,
  change: {
    readonly changed: readonly Mask[];
    readonly removed: readonly string[];
    readonly typed: string | undefined;
  },
): Promise<Confirmed> {
  const rows = [...known];
  const readable = rows.flatMap((row) => {
    const { masks, unreadable } = readStoredMasks([row]);
    return unreadable.length === 0 ? masks : [];
  });
  const after = masksWith(readable, change.changed, change.removed);
  return confirmChange(ctx, {
    draft: masksImpact(connectionName, after),
    // What an unreadable one hides is everything: replacing it shows something.
    onlyNarrows: readable.length === rows.length && masksOnlyNarrow(readable, after),
    typed: change.typed,
  });
}
