export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** What a part of a span is counted from: statement_minutes, or the sums per hour and day. */
export type CountSource = "minute" | "hour" | "day";
const STEP = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;
const FINER = { day: "hour", hour: "minute", minute: null } as const;

export interface CountPiece {
  readonly source: CountSource;
  /** Milliseconds since 1970; `to` is not in it. */
  readonly from: number;
  readonly to: number;
}

/** Cuts a span of whole minutes into parts that whole days, hours and minutes fill exactly, none coarser than `coarsest`. */
export function piecesOf(from: number, to: number, coarsest: CountSource): CountPiece[] {
  if (from >= to) return [];
  const step = STEP[coarsest];
  const finer = FINER[coarsest];
  if (finer === null) return [{ source: coarsest, from, to }];
  const inner = { source: coarsest, from: Math.ceil(from / step) * step, to: Math.floor(to / step) * step };
  if (inner.from >= inner.to) return piecesOf(from, to, finer);
  return [...piecesOf(from, inner.from, finer), inner, ...piecesOf(inner.to, to, finer)];
}

const BUCKETS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
  30 * DAY_MS,
] as const;
/** A histogram has at most this many bars. */
const MOST_BARS = 100;

/** From here on bars are whole days, which come from a table of few rows. */
const DAYS_FROM = 14 * DAY_MS;

/** How much time one bar stands for, in milliseconds. */
export function bucketSize(spanMs: number): number {
  if (spanMs > DAYS_FROM && spanMs <= MOST_BARS * DAY_MS) return DAY_MS;
  return BUCKETS.find((size) => spanMs / size <= MOST_BARS) ?? 30 * DAY_MS;
}
