import { METHOD_LABELS } from "@/lib/masking/labels";
import type { ReplayColumn, ReplayValue } from "@/lib/recordings/replay-model";

const CHAR_PX = 7.3;
const ICON_PX = 18;
const LOOKED_AT = 100;

/** Widths in pixels that suit a result's first rows; they stay while more rows come, so that nothing moves. */
export function columnWidths(columns: readonly ReplayColumn[], rows: readonly (readonly ReplayValue[])[]): number[] {
  return columns.map((column, at) => {
    const { masked } = column;
    const head =
      masked === null
        ? Math.max(column.name.length, column.type.length)
        : Math.max(column.name.length + 3, METHOD_LABELS[masked.method].label.length + column.type.length + 1);
    const longest = rows.slice(0, LOOKED_AT).reduce((most, row) => Math.max(most, shownLength(row[at] ?? null)), head);
    return Math.round(Math.min(Math.max(longest, 5), 36) * CHAR_PX) + 24 + (masked === null ? 0 : ICON_PX);
  });
}

function shownLength(value: ReplayValue): number {
  return value === null ? 4 : typeof value === "string" ? value.length : value.hex.length + 2;
}
