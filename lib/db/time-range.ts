import { type Column, gte, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { rangeStart, TIME_RANGE_NAMES, type TimeRange } from "@/lib/time-range";
import { firstIdAt } from "./ulid-bounds";

/** Fields of a filter by time: a range that ends now, or a start (inclusive) and an end (exclusive). A range wins over a start. */
export const timeRangeFields = {
  range: z.enum(TIME_RANGE_NAMES).optional(),
  from: z.date().optional(),
  to: z.date().optional(),
};

/**
 * The filter's time as bounds of ids. Ids carry the time they were made, so that any index that ends in the id serves it:
 * a session's start, a statement's end.
 */
export function timeRangeBounds(
  id: Column,
  filter: { range?: TimeRange | undefined; from?: Date | undefined; to?: Date | undefined },
  now: Date,
): SQL[] {
  const from = rangeStart(filter.range, now) ?? filter.from;
  const bounds: SQL[] = [];
  if (from !== undefined) {
    bounds.push(gte(id, firstIdAt(from)));
  }
  if (filter.to !== undefined) {
    bounds.push(lt(id, firstIdAt(filter.to)));
  }
  return bounds;
}
