import { z } from "zod";
import type { Ctx } from "@/lib/ctx";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { denialReason, deny } from "./deny";
import { requireReviewer } from "./reviewing";

export const bulkDenial = z.strictObject({ ids: z.array(ulidText).min(1).max(200), reason: denialReason });

export interface BulkDenied {
  readonly denied: readonly string[];
  /** Each with what to tell: somebody was first, or the person may not. */
  readonly refused: readonly { readonly id: string; readonly message: string }[];
}

/** Denies several requests for one reason, each by itself: those that somebody else settled stay as they are, and are named. */
export async function denyMany(
  ctx: Ctx,
  input: z.input<typeof bulkDenial>,
  at: Date = new Date(),
): Promise<BulkDenied> {
  requireReviewer(ctx);
  const { ids, reason } = parseInput(bulkDenial, input, "The denial");
  const denied: string[] = [];
  const refused: { id: string; message: string }[] = [];
  for (const id of new Set(ids)) {
    try {
      await deny(ctx, { id, reason }, at);
      denied.push(id);
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      refused.push({ id, message: error.message });
    }
  }
  return { denied, refused };
}
