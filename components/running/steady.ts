/** A row of a list that changes by itself. */
export interface Steady<Row> {
  readonly row: Row;
  /** It is not in the list any more, and stays where it stands until nobody points at it. */
  readonly over: boolean;
}

/** The list as it is shown next, and how many new rows wait. */
export interface SteadyList<Row> {
  readonly rows: readonly Steady<Row>[];
  readonly waiting: number;
}

/**
 * What stands in the list after an answer. While somebody points at it (`held`) every row keeps its place: what is over stays, marked, and
 * what is new waits. Otherwise the list is as the answer orders it.
 */
export function steady<Row>(
  shown: readonly Steady<Row>[],
  fresh: readonly Row[],
  idOf: (row: Row) => string,
  held: boolean,
): SteadyList<Row> {
  if (!held || shown.length === 0) return { rows: fresh.map((row) => ({ row, over: false })), waiting: 0 };
  const byId = new Map(fresh.map((row) => [idOf(row), row]));
  const known = new Set(shown.map(({ row }) => idOf(row)));
  return {
    rows: shown.map(({ row }) => {
      const now = byId.get(idOf(row));
      return now === undefined ? { row, over: true } : { row: now, over: false };
    }),
    waiting: fresh.filter((row) => !known.has(idOf(row))).length,
  };
}
