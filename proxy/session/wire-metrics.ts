import type { ErrorCode } from "@/lib/errors/registry";

/** Upper bounds of the added-time histogram, in microseconds; the last bucket has no bound. */
export const ADDED_TIME_BOUNDS_US = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000] as const;

/** The wire side's counters. Plain numbers that only grow: /metrics reads them when it is asked. */
export class WireMetrics {
  statements = 0;
  statementErrors = 0;
  /** Bytes from clients and to clients, of logged-in sessions. */
  bytesIn = 0;
  bytesOut = 0;
  /** Connections accepted, logins that succeeded. */
  accepted = 0;
  logins = 0;
  readonly refusals = new Map<ErrorCode, number>();
  /** Counts per bucket of ADDED_TIME_BOUNDS_US (not cumulative), plus one for what is above. */
  readonly addedTime = new Float64Array(ADDED_TIME_BOUNDS_US.length + 1);
  addedTimeSumUs = 0;

  countRefusal(code: ErrorCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** `us`: the time the gateway itself spent on one statement, without waiting for the upstream. */
  countAddedTime(us: number): void {
    let bucket = 0;
    while (bucket < ADDED_TIME_BOUNDS_US.length && us > (ADDED_TIME_BOUNDS_US[bucket] ?? 0)) {
      bucket += 1;
    }
    this.addedTime[bucket] = (this.addedTime[bucket] ?? 0) + 1;
    this.addedTimeSumUs += us;
  }
}
