import { type Column, gte, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { firstIdAt } from "./ulid-bounds";

/** Ranges that end now, with their length in seconds and what people call them. */
export const TIME_PRESETS = {
  "15m": { seconds: 900, label: "Last 15 minutes" },
  "1h": { seconds: 3_600, label: "Last hour" },
  "24h": { seconds: 86_400, label: "Last 24 hours" },
  "7d": { seconds: 604_800, label: "Last 7 days" },
  "30d": { seconds: 2_592_000, label: "Last 30 days" },
} as const satisfies Record<string, { seconds: number; label: string }>;

export type TimePreset = keyof typeof TIME_PRESETS;
export const TIME_PRESET_NAMES = Object.keys(TIME_PRESETS) as [TimePreset, ...TimePreset[]];

/** Fields of a filter by time: a preset, or a start (inclusive) and an end (exclusive). A preset wins over a start. */
export const timeRangeFields = {
  range: z.enum(TIME_PRESET_NAMES).optional(),
  from: z.date().optional(),
  to: z.date().optional(),
};

/** The range as bounds of ids. Ids carry the time they were made, so that any index that ends in the id serves it. */
export function timeRangeBounds(
  id: Column,
  filter: { range?: TimePreset | undefined; from?: Date | undefined; to?: Date | undefined },
  now: Date,
): SQL[] {
  const from =
    filter.range === undefined ? filter.from : new Date(now.getTime() - TIME_PRESETS[filter.range].seconds * 1000);
  const bounds: SQL[] = [];
  if (from !== undefined) {
    bounds.push(gte(id, firstIdAt(from)));
  }
  if (filter.to !== undefined) {
    bounds.push(lt(id, firstIdAt(filter.to)));
  }
  return bounds;
}
