import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { type Mask, mask, maskFields } from "@/lib/masking/mask";
import { parseInput } from "@/lib/parse-input";
import { confirmation } from "@/lib/policy/impact/confirmation";
import { exactColumnPattern } from "@/lib/policy/pattern";
import { decide, type FindingRow, findingIds, placeOf } from "./decide";

export const findingAcceptance = z.strictObject({
  ids: findingIds,
  /** By finding: the mask instead of the suggested one. */
  masks: z.record(z.ulid(), maskFields.omit({ column: true })).optional(),
  confirmation,
});

/** Adds masks to a connection, in the transaction of `ctx`. `typed`: what was confirmed in words. */
export type ApplyMasks = (
  ctx: Ctx,
  connectionId: string,
  masks: readonly Mask[],
  typed: string | undefined,
) => Promise<void>;

/**
 * Masks the columns, each as suggested or as given, and settles the findings, all or none. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND,
 * CONFLICT, and what `applyMasks` throws.
 */
export async function acceptFindings(
  ctx: Ctx,
  input: z.input<typeof findingAcceptance>,
  applyMasks: ApplyMasks,
): Promise<void> {
  authorise(ctx, "findings:edit");
  const { ids, masks, confirmation: typed } = parseInput(findingAcceptance, input, "The masks");
  await inTransaction(ctx.db, async (tx) => {
    const inTx = { ...ctx, db: tx };
    const rows = await decide(inTx, ids, "accept");
    for (const connectionId of new Set(rows.map((row) => row.connectionId))) {
      const own = rows.filter((row) => row.connectionId === connectionId);
      const wanted = own.map((row) => maskOf(row, masks?.[row.id] ?? { method: row.method, options: row.options }));
      await applyMasks(inTx, connectionId, wanted, typed);
    }
  });
}

function maskOf(row: FindingRow, fields: Omit<z.input<typeof mask>, "column">): Mask {
  return parseInput(mask, { ...fields, column: patternOf(row) }, `The mask of ${placeOf(row)}`);
}

function patternOf(row: FindingRow): string {
  const pattern = exactColumnPattern(row);
  if (pattern !== null) return pattern;
  throw new SallyportError(
    "INVALID_INPUT",
    `${placeOf(row)} can not be named in a mask: its name holds * or a back quote`,
    {
      next: "Make a mask whose pattern covers it, with * in the place of that character",
    },
  );
}
