import { eq } from "drizzle-orm";
import { changedMeanwhile } from "@/lib/connections/conflicts";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { patternKey } from "@/lib/masking/mask-set";
import type { MaskRow } from "./mask-columns";

/**
 * Reads and locks a mask with its connection's name. NOT_FOUND when it is gone, CONFLICT when it is no longer at `version`.
 * Call it inside a transaction.
 */
export async function lockMask(
  tx: DbOrTx,
  id: string,
  version: number,
): Promise<{ readonly row: MaskRow; readonly connection: { readonly id: string; readonly name: string } }> {
  const [found] = await tx
    .select({ row: masks, connection: { id: connections.id, name: connections.name } })
    .from(masks)
    .innerJoin(connections, eq(masks.connectionId, connections.id))
    .where(eq(masks.id, id))
    .for("update");
  if (found === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such mask", {
      next: "Someone may have removed it; reload the page",
    });
  }
  if (found.row.version !== version) {
    throw changedMeanwhile(`the mask of ${found.row.column}`, found.row);
  }
  return found;
}

/** Reads and locks the masks of a connection, by the key of their patterns. */
export async function lockMasks(tx: DbOrTx, connectionId: string): Promise<ReadonlyMap<string, MaskRow>> {
  const rows = await tx.select().from(masks).where(eq(masks.connectionId, connectionId)).for("update");
  return new Map(rows.map((row) => [patternKey(row.column), row]));
}

/** The refusal of a second mask about the same columns. */
export function maskTaken(column: string): SallyportError {
  return new SallyportError("INVALID_INPUT", `There is a mask of ${column} already`, {
    next: "Change that one",
    problems: [{ path: "column", message: `there is a mask of ${column} already: change that one` }],
  });
}
