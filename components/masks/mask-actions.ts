import type { ActionResult } from "@/lib/auth/console-action";
import type { acceptFindings } from "@/lib/findings/accept";
import type { dismissFindings } from "@/lib/findings/dismiss";
import type { createMask } from "@/lib/masks/create-mask";
import type { MasksSet, setMasks } from "@/lib/masks/set-masks";
import type { updateMask } from "@/lib/masks/update-mask";

/** The server's actions that change masks; null where a person may only look. */
export interface MaskActions {
  readonly create: (
    input: Parameters<typeof createMask>[1],
  ) => Promise<ActionResult<{ id: string; version: number; revision: number }>>;
  readonly update: (
    input: Parameters<typeof updateMask>[1],
  ) => Promise<ActionResult<{ version: number; revision: number | null }>>;
  readonly set: (input: Parameters<typeof setMasks>[1]) => Promise<ActionResult<MasksSet>>;
  readonly remove: (input: {
    id: string;
    version: number;
    confirmation: string;
  }) => Promise<ActionResult<{ column: string }>>;
  readonly accept: (input: Parameters<typeof acceptFindings>[1]) => Promise<ActionResult<{ done: true }>>;
  readonly dismiss: (input: Parameters<typeof dismissFindings>[1]) => Promise<ActionResult<{ done: true }>>;
  readonly reopen: (input: { ids: string[] }) => Promise<ActionResult<{ done: true }>>;
}
