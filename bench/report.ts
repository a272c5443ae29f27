import type { LoadResult } from "./protocol";

/** What one path did in one round of a measurement. */
export interface Sample extends LoadResult {
  readonly measurement: string;
  readonly path: string;
  /** The path that this one is compared with beside the proxy. */
  readonly base: string | null;
  readonly round: number;
  /** Rows of one answer. */
  readonly rows: number;
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

const cpuPerQuery = ({ cpu, queries }: Sample) => (cpu ?? 0) / Math.max(1, queries);

/**
 * The median over the rounds of how much more CPU a query takes on `path` than on `other` in the same round; null where one of them has
 * none. Rounds are compared with themselves, so that what else the machine does weighs on both.
 */
export function cpuRatio(samples: readonly Sample[], path: string, other: string): number | null {
  const ratios = samples
    .filter((one) => one.path === path)
    .flatMap((one) => {
      const base = samples.find(({ path: name, round }) => name === other && round === one.round);
      return base === undefined || !base.cpu || !one.cpu ? [] : [cpuPerQuery(one) / cpuPerQuery(base)];
    });
  return ratios.length === 0 ? null : median(ratios);
}

type Cell = (of: readonly Sample[], all: readonly Sample[], path: string) => number | null;
interface Column {
  readonly head: string;
  readonly digits: number;
  readonly value: Cell;
}

const middle =
  (pick: (one: Sample) => number): Cell =>
  (of) =>
    median(of.map(pick));
const cpu =
  (pick: (one: Sample) => number): Cell =>
  (of) =>
    of.some((one) => one.cpu === null) ? null : median(of.map(pick));

const TO_PROXY: Column = { head: "to proxy", digits: 2, value: (_of, all, path) => cpuRatio(all, path, "haproxy") };
const TO_BASE: Column = {
  head: "to base",
  digits: 2,
  value: (of, all, path) => {
    const base = of[0]?.base ?? null;
    return base === null ? null : cpuRatio(all, path, base);
  },
};
const POINT_COLUMNS: readonly Column[] = [
  { head: "queries/s", digits: 0, value: middle(({ queries, seconds }) => queries / seconds) },
  { head: "p50 us", digits: 0, value: middle(({ p50 }) => p50) },
  { head: "p99 us", digits: 0, value: middle(({ p99 }) => p99) },
  {
    head: "+p50 us",
    digits: 0,
    value: (of, all, path) =>
      path === "direct"
        ? null
        : median(of.map(({ p50 }) => p50)) - median(all.filter((one) => one.path === "direct").map(({ p50 }) => p50)),
  },
  { head: "CPU us/query", digits: 2, value: cpu(cpuPerQuery) },
  TO_PROXY,
  TO_BASE,
];
const SCAN_COLUMNS: readonly Column[] = [
  { head: "rows/s", digits: 0, value: middle(({ queries, rows, seconds }) => (queries * rows) / seconds) },
  { head: "MB/s", digits: 0, value: middle(({ bytes, seconds }) => bytes / seconds / 1e6) },
  { head: "CPU ns/row", digits: 0, value: cpu((one) => (cpuPerQuery(one) * 1000) / one.rows) },
  { head: "CPU us/MB", digits: 0, value: cpu((one) => ((one.cpu ?? 0) * 1e6) / Math.max(1, one.bytes)) },
  TO_PROXY,
  TO_BASE,
];

/** Prints one table a measurement: medians over the rounds; added latency is against direct, CPU ratios are of the same rounds. */
export function printReport(samples: readonly Sample[]): void {
  for (const measurement of new Set(samples.map((one) => one.measurement))) {
    const all = samples.filter((one) => one.measurement === measurement);
    const columns = (all[0]?.rows ?? 1) > 1 ? SCAN_COLUMNS : POINT_COLUMNS;
    const paths = [...new Set(all.map((one) => one.path))];
    const wide = Math.max(...paths.map((path) => path.length));
    const line = (name: string, cells: readonly string[]) =>
      [name.padEnd(wide), ...cells.map((cell, at) => cell.padStart(Math.max(9, columns[at]?.head.length ?? 0)))].join(
        "  ",
      );
    console.log(
      `\n${measurement}\n${line(
        "",
        columns.map(({ head }) => head),
      )}`,
    );
    for (const path of paths) {
      const of = all.filter((one) => one.path === path);
      const cells = columns.map(({ value, digits }) => value(of, all, path)?.toFixed(digits) ?? "");
      console.log(line(path, cells));
    }
    const failed = all.find((one) => one.firstError !== null);
    if (failed !== undefined) console.log(`ERRORS on ${failed.path}: ${failed.firstError}`);
  }
}
