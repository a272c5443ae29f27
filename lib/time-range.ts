/** Ranges that end now and that lists offer in the address as `range=`. */
export const TIME_RANGES = {
  "15m": { label: "Last 15 minutes", ms: 15 * 60_000 },
  "1h": { label: "Last hour", ms: 3_600_000 },
  "24h": { label: "Last 24 hours", ms: 86_400_000 },
  "7d": { label: "Last 7 days", ms: 7 * 86_400_000 },
  "30d": { label: "Last 30 days", ms: 30 * 86_400_000 },
} as const satisfies Record<string, { label: string; ms: number }>;
export type TimeRange = keyof typeof TIME_RANGES;
export const TIME_RANGE_NAMES = Object.keys(TIME_RANGES) as [TimeRange, ...TimeRange[]];
export const TIME_RANGE_OPTIONS = TIME_RANGE_NAMES.map((value) => ({ value, label: TIME_RANGES[value].label }));

/** When the range began, or null for a text that names no range. */
export function rangeStart(range: string | null | undefined, now: Date = new Date()): Date | null {
  if (range === null || range === undefined || !Object.hasOwn(TIME_RANGES, range)) {
    return null;
  }
  return new Date(now.getTime() - TIME_RANGES[range as TimeRange].ms);
}
