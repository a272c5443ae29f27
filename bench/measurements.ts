import type { Masking } from "./connections";
import type { BenchEnvironment } from "./environment";
import type { Haproxy } from "./haproxy";
import { gatewayPath, type Path, plainPaths } from "./paths";
import { settledCpu } from "./process-stats";
import type { LoadRequest } from "./protocol";
import type { Sample } from "./report";
import { SCAN_ROWS, SQL } from "./tables";

/** One load, the same for all of its paths. */
export interface Measurement {
  readonly name: string;
  readonly load: Pick<LoadRequest, "work" | "sql" | "connections">;
  /** Rows of one answer. */
  readonly rows: number;
  /** Connections of the gateway to go through, by the client's leg. */
  readonly plain: readonly Masking[];
  readonly tls: readonly Masking[];
}

const EVERY: readonly Masking[] = ["unrecorded", "none", "untouched", "one", "four", "partial", "token"];
const POINTS: Pick<Measurement, "rows" | "plain" | "tls"> = {
  rows: 1,
  plain: ["unrecorded", "none", "untouched", "one"],
  tls: ["unrecorded", "none", "untouched", "one"],
};
const SCANS: Pick<Measurement, "rows" | "plain" | "tls"> = {
  rows: SCAN_ROWS,
  plain: EVERY,
  tls: ["unrecorded", "none", "one", "four"],
};

export const MEASUREMENTS = {
  point: [
    {
      name: "point select, text, 32 connections",
      load: { work: "text", sql: SQL.point, connections: 32 },
      ...POINTS,
    },
    {
      name: "point select, prepared, 32 connections",
      load: { work: "prepared", sql: SQL.pointPrepared, connections: 32 },
      ...POINTS,
    },
    {
      name: "point select, text, 1 connection",
      load: { work: "text", sql: SQL.point, connections: 1 },
      ...POINTS,
      plain: ["unrecorded", "none"],
      tls: ["unrecorded", "none"],
    },
  ],
  scan: [
    {
      name: "100,000 rows x 10 columns, text, 2 connections",
      load: { work: "text", sql: SQL.scan, connections: 2 },
      ...SCANS,
    },
    {
      name: "100,000 rows x 10 columns, prepared, 2 connections",
      load: { work: "prepared", sql: SQL.scan, connections: 2 },
      ...SCANS,
    },
  ],
} as const satisfies Readonly<Record<string, readonly Measurement[]>>;

/** Measures all paths of a measurement in turn, in every round, after one round that does not count. */
export async function measureAll(
  bench: BenchEnvironment,
  haproxy: Haproxy | null,
  measurement: Measurement,
  { rounds, seconds, wanted }: { readonly rounds: number; readonly seconds: number; wanted(path: string): boolean },
): Promise<Sample[]> {
  const paths = [
    ...plainPaths(bench, haproxy),
    ...measurement.plain.map((masking) => gatewayPath(bench, "plain", masking)),
    ...measurement.tls.map((masking) => gatewayPath(bench, "TLS", masking)),
  ].filter((path) => wanted(path.name));
  const samples: Sample[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const path of paths) {
      const sample = await measureOne(bench, path, measurement, round, seconds);
      if (round > 0) samples.push(sample);
    }
  }
  return samples;
}

async function measureOne(
  bench: BenchEnvironment,
  { name, pid, base, to }: Path,
  { name: measurement, load, rows }: Measurement,
  round: number,
  seconds: number,
): Promise<Sample> {
  let before = 0;
  const settled = async () => (pid === null ? 0 : settledCpu(pid));
  const result = await bench.load({ kind: "load", ...to, ...load, seconds }, async () => {
    before = await settled();
  });
  const cpu = pid === null ? null : (await settled()) - before;
  return { measurement, path: name, base, round, rows, ...result, cpu };
}
