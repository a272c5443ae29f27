import { cameBy } from "@/lib/recordings/timeline/moment";
import { type RowsResult, WINDOW_ROWS } from "./statement-source";

/**
 * Rows that had arrived at a moment, as far as their moments are known: what follows known rows that all had arrived, and is not here yet, is
 * taken for arrived. `windowFrom` gives the rows from a multiple of WINDOW_ROWS on, where they are here.
 */
export function arrivedRows(
  first: RowsResult,
  us: number,
  windowFrom: (from: number) => Pick<RowsResult, "rowsAtUs"> | null,
): number {
  let known: Pick<RowsResult, "rowsAtUs"> | null = first;
  for (let from = 0; known !== null && from < first.recorded; from += WINDOW_ROWS, known = windowFrom(from)) {
    const came = cameBy(known.rowsAtUs, us);
    if (came < known.rowsAtUs.length) return from + came;
    if (came < WINDOW_ROWS) break;
  }
  return first.recorded;
}
