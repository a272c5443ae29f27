import type { Masking } from "./connections";
import type { BenchEnvironment } from "./environment";
import { gatewayPath, type Path } from "./paths";
import { residentBytes } from "./process-stats";
import type { LoadRequest } from "./protocol";
import { HUGE_ROWS, SCAN_ROWS, SQL } from "./tables";

const MIB = 1024 * 1024;
const SAMPLE_MS = 50;
const MASKINGS: readonly Masking[] = ["none", "one", "four"];

/** Runs a load and returns the most memory that the gateway had meanwhile, in bytes. */
async function mostMemory(
  bench: BenchEnvironment,
  path: Path,
  load: Pick<LoadRequest, "work" | "sql" | "connections" | "seconds">,
): Promise<number> {
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, residentBytes(bench.gatewayPid));
  }, SAMPLE_MS);
  const { firstError } = await bench.load({ kind: "load", ...path.to, ...load }, async () => undefined);
  clearInterval(sampling);
  if (firstError !== null) throw new Error(firstError);
  return most;
}

/** Prints how much memory the gateway has while it sends a result, and one that is ten times as long. */
export async function printResultMemory(bench: BenchEnvironment, seconds: number): Promise<void> {
  console.log(`\nmost memory of the gateway during scans, MiB (TLS; before: ${mib(residentBytes(bench.gatewayPid))})`);
  for (const work of ["text", "prepared"] as const) {
    for (const masking of MASKINGS) {
      const path = gatewayPath(bench, "TLS", masking);
      const during = async (sql: string) => mib(await mostMemory(bench, path, { work, sql, connections: 2, seconds }));
      const [big, huge] = [await during(SQL.scan), await during(SQL.hugeScan)];
      console.log(
        `${path.name.padEnd(26)} ${work.padEnd(9)} ${SCAN_ROWS} rows: ${big.padStart(4)}   ${HUGE_ROWS} rows: ${huge.padStart(4)}`,
      );
    }
  }
}

const mib = (bytes: number) => (bytes / MIB).toFixed(0);

/** Prints the growth of the gateway's memory per idle session: the first hundred sessions warm it up and do not count. */
export async function printIdleMemory(bench: BenchEnvironment, sessions: number): Promise<void> {
  const path = gatewayPath(bench, "TLS", "none");
  const hold = (connections: number, seconds: number) =>
    mostMemory(bench, path, { work: "idle", sql: "", connections, seconds });
  await hold(100, 1);
  const before = residentBytes(bench.gatewayPid);
  const grown = Math.max(0, (await hold(sessions, 3)) - before);
  console.log(`\nmemory per idle session: ${(grown / sessions / 1024).toFixed(1)} KiB`);
}
