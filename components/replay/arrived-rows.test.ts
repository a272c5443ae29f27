import { expect, it } from "vitest";
import { arrivedRows } from "./arrived-rows";
import { type RowsResult, WINDOW_ROWS } from "./statement-source";

const moments = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);
const result = (recorded: number, here: number): RowsResult => ({
  kind: "rows",
  columns: [],
  from: 0,
  rows: moments(0, here).map(() => []),
  rowsAtUs: moments(0, here),
  recorded,
  leftOut: null,
});

it.each([
  ["none, before the first", result(3, 3), -1, 0],
  ["those whose moment has come", result(3, 3), 1, 2],
  ["all, at the last one's", result(3, 3), 2, 3],
  ["none of none", result(0, 0), 5, 0],
  ["all of a window that is here in part, when what is here of it has arrived", result(100, 4), 9, 100],
  ["some of a window that is here in part", result(100, 4), 2, 3],
  ["a window, and what has come of the next", result(1200, WINDOW_ROWS), WINDOW_ROWS + 1, WINDOW_ROWS + 2],
  ["all, when the next window is not here", result(1700, WINDOW_ROWS), 5000, 1700],
] as const)("rows that had arrived: %s", (_, first, us, arrived) => {
  const windows = new Map([
    [WINDOW_ROWS, { rowsAtUs: moments(WINDOW_ROWS, WINDOW_ROWS) }],
    [2 * WINDOW_ROWS, { rowsAtUs: moments(2 * WINDOW_ROWS, 200) }],
  ]);
  expect(arrivedRows(first, us, (from) => windows.get(from) ?? null)).toBe(arrived);
});
