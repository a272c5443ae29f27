import type { ActionResult } from "@/lib/auth/console-action";
import type { MaskActions } from "../mask-actions";
import type { MaskContent } from "./mask-draft";
import type { MaskTarget } from "./mask-target";

export interface MaskToSave {
  readonly target: MaskTarget;
  readonly connectionId: string;
  /** Of a stored mask: what the person started from. */
  readonly version: number | null;
  readonly columns: readonly string[];
  readonly content: MaskContent;
  readonly summary: string;
  readonly confirmation: { readonly confirmation?: string };
}

/** Saves by the verb that the target asks for. `revision`: the published one; null when nothing changed, undefined when it is not told. */
export async function saveMask(
  actions: MaskActions,
  { target, connectionId, version, columns, content, summary, confirmation }: MaskToSave,
): Promise<ActionResult<{ readonly revision?: number | null }>> {
  const column = columns[0] ?? "";
  switch (target.kind) {
    case "new":
      return actions.create({ connectionId, column, ...content, summary, ...confirmation });
    case "stored":
      return actions.update({
        id: target.mask.id,
        version: version ?? target.mask.version,
        column,
        ...content,
        summary,
        ...confirmation,
      });
    case "columns":
      return actions.set({ connectionId, columns: [...columns], mask: content, summary, ...confirmation });
    case "finding": {
      const result = await actions.accept({ ids: [target.id], masks: { [target.id]: content }, ...confirmation });
      return result.ok ? { ok: true, data: {} } : result;
    }
    default:
      return target satisfies never;
  }
}
