import { type Column, gte, lte, type SQL } from "drizzle-orm";
import type { Read, Scan } from "./keyset";

/**
 * Reads rows of an id range that also meet conditions no index serves. At most `window` rows of the range are looked at, so that
 * a search for something rare costs the same in a store of any size; where it stopped is said, and the reader may go on from there.
 * `edge` gives the id of the row `offset` places into the range (null when the range is shorter), from the index alone.
 */
export async function boundedScan<T>(
  scan: Scan,
  id: Column,
  window: number,
  edge: (offset: number) => Promise<string | null>,
  read: (until: SQL | undefined) => Promise<readonly T[]>,
  limit: number,
): Promise<Read<T>> {
  const last = await edge(window - 1);
  if (last === null) {
    return { rows: await read(undefined), stoppedAt: null };
  }
  const rows = await read(scan.direction === "down" ? gte(id, last) : lte(id, last));
  return { rows, stoppedAt: rows.length < limit ? last : null };
}
