import type { ReplayColumn, ReplayValue } from "@/lib/recordings/replay-model";

const CHAR_PX = 7.3;
const LOOKED_AT = 100;

/** Widths in pixels that suit a result's first rows; they stay while more rows come, so that nothing moves. */
export function columnWidths(columns: readonly ReplayColumn[], rows: readonly (readonly ReplayValue[])[]): number[] {
  return columns.map((column, at) => {
    const head = Math.max(column.name.length + (column.masked === null ? 0 : 8), column.type.length);
    const longest = rows.slice(0, LOOKED_AT).reduce((most, row) => Math.max(most, shownLength(row[at] ?? null)), head);
    return Math.round(Math.min(Math.max(longest, 5), 36) * CHAR_PX) + 24;
  });
}

function shownLength(value: ReplayValue): number {
  return value === null ? 4 : typeof value === "string" ? value.length : value.hex.length + 2;
}
