import type { Ctx } from "@/lib/ctx";
import { type Confirmed, confirmChange } from "@/lib/impact/confirm-change";
import type { Mask } from "@/lib/masking/mask";
import { masksImpact, masksWith } from "@/lib/policy/impact/draft";
import { masksOnlyNarrow } from "@/lib/policy/impact/masks-narrow";
import type { MaskRow } from "./mask-columns";
import { readStoredMasks } from "./stored-masks";

/** What changes of a connection's masks. `removed`: columns whose masks go. */
interface MasksChange {
  readonly changed: readonly Mask[];
  readonly removed: readonly string[];
}

/** All masks of a connection after a change, and whether they can only show less. `known`: all that are stored. Pure. */
export function masksAfter(
  known: Iterable<MaskRow>,
  { changed, removed }: MasksChange,
): { readonly after: readonly Mask[]; readonly onlyNarrows: boolean } {
  const rows = [...known];
  const readable = rows.flatMap((row) => {
    const { masks, unreadable } = readStoredMasks([row]);
    return unreadable.length === 0 ? masks : [];
  });
  const after = masksWith(readable, changed, removed);
  // What an unreadable one hides is everything: replacing it shows something.
  return { after, onlyNarrows: readable.length === rows.length && masksOnlyNarrow(readable, after) };
}

/**
 * Lets a change of a connection's masks pass, or throws INVALID_INPUT at `confirmation` when what it shows has to be confirmed in words.
 * `known`: all that are stored.
 */
export function confirmMasks(
  ctx: Ctx,
  connectionName: string,
  known: Iterable<MaskRow>,
  { typed, ...change }: MasksChange & { readonly typed: string | undefined },
): Promise<Confirmed> {
  const { after, onlyNarrows } = masksAfter(known, change);
  return confirmChange(ctx, { draft: masksImpact(connectionName, after), onlyNarrows, typed });
}
