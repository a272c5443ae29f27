import type { StatementRecord } from "../session/ports";

/** Upper bounds of the duration histogram, in microseconds; the last bucket has no bound. */
export const DURATION_BOUNDS_US = [
  100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 30_000_000,
] as const;

export type Outcome = "ok" | "error";

/** Statements by command and outcome, and how long they took, the upstream included. Plain numbers that only grow. */
export class StatementCounts {
  readonly byCommand = new Map<StatementRecord["command"], Record<Outcome, number>>();
  /** Counts per bucket of DURATION_BOUNDS_US (not cumulative), plus one for what is above. */
  readonly durations = new Float64Array(DURATION_BOUNDS_US.length + 1);
  durationSumUs = 0;

  count(row: Pick<StatementRecord, "command" | "errorNumber" | "durationUs">): void {
    const counts = this.byCommand.get(row.command) ?? { ok: 0, error: 0 };
    counts[row.errorNumber == null ? "ok" : "error"] += 1;
    this.byCommand.set(row.command, counts);
    const bucket = DURATION_BOUNDS_US.findIndex((bound) => row.durationUs <= bound);
    const at = bucket === -1 ? DURATION_BOUNDS_US.length : bucket;
    this.durations[at] = (this.durations[at] ?? 0) + 1;
    this.durationSumUs += row.durationUs;
  }
}
