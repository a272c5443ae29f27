import type { LoadResult } from "./protocol";

export interface Sample extends LoadResult {
  readonly measurement: string;
  readonly path: string;
  /** CPU of the path's process during the measurement, microseconds; null when there is none. */
  readonly cpu: number | null;
}

/** The middle value; of an even number the mean of the middle two; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

function row(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ");
}

const WIDTHS = [14, 11, 9, 9, 9, 11, 12, 8];
const HEAD = ["", "queries/s", "MB/s", "p50 us", "p99 us", "+p50 us", "CPU us/query", "to proxy"];

/** Prints one table a measurement: medians over the rounds; added latency is against direct, the CPU ratio against HAProxy. */
export function printReport(samples: readonly Sample[], idleBytes: number): void {
  for (const measurement of new Set(samples.map((one) => one.measurement))) {
    const of = samples.filter((one) => one.measurement === measurement);
    const middle = (path: string, pick: (one: Sample) => number) =>
      median(of.filter((one) => one.path === path).map(pick));
    const cpu = (path: string) => middle(path, (one) => (one.cpu ?? 0) / Math.max(1, one.queries));
    const proxy = cpu("haproxy");
    console.log(`\n${measurement}\n${row(HEAD, WIDTHS)}`);
    for (const path of new Set(of.map((one) => one.path))) {
      const p50 = middle(path, (one) => one.p50);
      const used = cpu(path);
      console.log(
        row(
          [
            path,
            middle(path, (one) => one.queries / one.seconds).toFixed(0),
            middle(path, (one) => one.bytes / one.seconds / 1e6).toFixed(1),
            p50.toFixed(0),
            middle(path, (one) => one.p99).toFixed(0),
            path === "direct" ? "" : (p50 - middle("direct", (one) => one.p50)).toFixed(0),
            used === 0 ? "" : used.toFixed(1),
            used === 0 || proxy === 0 ? "" : (used / proxy).toFixed(2),
          ],
          WIDTHS,
        ),
      );
    }
    const failed = of.find((one) => one.firstError !== null);
    if (failed !== undefined) console.log(`ERRORS on ${failed.path}: ${failed.firstError}`);
  }
  console.log(`\nmemory per idle session: ${(idleBytes / 1024).toFixed(1)} KiB`);
}
