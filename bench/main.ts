import { parseArgs } from "node:util";
import { measureDecisions } from "./decisions";
import { type BenchEnvironment, startEnvironment } from "./environment";
import { type Haproxy, haproxyInstalled, startHaproxy } from "./haproxy";
import { cpuMicroseconds, residentBytes } from "./process-stats";
import type { LoadRequest } from "./protocol";
import { printReport, type Sample } from "./report";

const HELP = `npm run bench [-- OPTIONS]

The same load direct, through HAProxy in TCP mode (if installed) and through the gateway, interleaved in one run.

  --rounds N    rounds of every measurement (default 5); medians are printed
  --seconds N   length of one measurement (default 2)
  --idle N      idle sessions for the memory figure (default 500)
  --decisions   only how long a decision takes, in this process, with 1,000 rules and 5,000 tables
`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    idle: { type: "string", default: "500" },
    decisions: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** One way to the upstream. `pid`: the process whose CPU counts, null for none. */
interface Path {
  readonly name: string;
  readonly pid: number | null;
  readonly to: Pick<LoadRequest, "host" | "port" | "user" | "password" | "ca">;
}

function pathsOf(bench: BenchEnvironment, haproxy: Haproxy | null): Path[] {
  const plain = { host: "127.0.0.1", user: "bench", password: "", ca: null };
  return [
    { name: "direct", pid: null, to: { ...plain, port: bench.upstreamPort } },
    ...(haproxy === null ? [] : [{ name: "haproxy", pid: haproxy.pid, to: { ...plain, port: haproxy.port } }]),
    {
      name: "gateway, TLS",
      pid: bench.gatewayPid,
      to: { host: "127.0.0.1", port: bench.gatewayPort, user: bench.user, password: bench.token, ca: bench.ca },
    },
  ];
}

const MEASUREMENTS = [
  { name: "point select, text, 32 connections", work: "text", connections: 32 },
  { name: "point select, prepared, 32 connections", work: "prepared", connections: 32 },
  { name: "point select, text, 1 connection", work: "text", connections: 1 },
  { name: "100,000 rows x 10 columns, 2 connections", work: "scan", connections: 2 },
] as const;

async function measure(
  bench: BenchEnvironment,
  path: Path,
  measurement: (typeof MEASUREMENTS)[number],
): Promise<Sample> {
  const { name, work, connections } = measurement;
  const before = path.pid === null ? 0 : cpuMicroseconds(path.pid);
  const result = await bench.load({ ...path.to, work, connections, seconds: Number(options.seconds) });
  const cpu = path.pid === null ? null : cpuMicroseconds(path.pid) - before;
  return { measurement: name, path: path.name, ...result, cpu };
}

/** Growth of the gateway's memory per idle session, in bytes: the first hundred sessions warm it up and do not count. */
async function idleMemory(bench: BenchEnvironment, path: Path): Promise<number> {
  const hold = (connections: number, seconds: number) => bench.load({ ...path.to, work: "idle", connections, seconds });
  await hold(100, 1);
  const before = residentBytes(bench.gatewayPid);
  const sessions = Number(options.idle);
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, residentBytes(bench.gatewayPid));
  }, 100);
  await hold(sessions, 3);
  clearInterval(sampling);
  return Math.max(0, most - before) / sessions;
}

async function main(): Promise<void> {
  const bench = await startEnvironment();
  const haproxy = haproxyInstalled() ? await startHaproxy(bench.upstreamPort) : null;
  if (haproxy === null)
    console.log("haproxy is not installed (Debian: apt-get install haproxy): its column is left out");
  try {
    const paths = pathsOf(bench, haproxy);
    const gateway = paths.at(-1);
    const samples: Sample[] = [];
    for (const measurement of MEASUREMENTS) {
      for (const path of paths) await measure(bench, path, measurement);
      for (let round = 1; round <= Number(options.rounds); round++) {
        for (const path of paths) samples.push(await measure(bench, path, measurement));
      }
    }
    const idle = gateway === undefined ? 0 : await idleMemory(bench, gateway);
    printReport(samples, idle);
    if (samples.some((sample) => sample.errors > 0)) process.exitCode = 1;
  } finally {
    await haproxy?.stop();
    await bench.stop();
  }
}

if (options.help) console.log(HELP);
else if (options.decisions) measureDecisions();
else await main();
