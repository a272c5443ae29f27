import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureDecisions } from "./decisions";
import { startEnvironment } from "./environment";
import { haproxyInstalled, startHaproxy } from "./haproxy";
import { benchImpact } from "./impact/run";
import { MEASUREMENTS, measureAll } from "./measurements";
import { printIdleMemory, printResultMemory } from "./memory";
import { printReport, type Sample } from "./report";
import { benchSearches } from "./search/run";

const HELP = `npm run bench [-- OPTIONS]

The same load direct, through HAProxy in TCP mode (if installed) and through the gateway, with and without masks and recorded results, interleaved in one run.
"to base" compares CPU with the same path without masks; of the path without masks, with the one whose results are not recorded.

  --rounds N    rounds of every measurement (default 5); medians are printed
  --seconds N   length of one measurement (default 2)
  --idle N      idle sessions for the memory figure (default 500)
  --only PART   point (one row a query), scan (100,000 rows a query), memory; may be repeated.
                search: the console's searches in a made-up store, by itself; see --statements
                impact: what a draft makes of a made-up record, by itself; see --statements
  --statements N  statements of the made-up store (default 1,000,000; ten million take about eight minutes to make)
  --store DIR   keeps that store in DIR and uses it again
  --path TEXT   only paths whose name contains this; may be repeated
  --decisions   only how long a decision takes, in this process, with 1,000 rules and 5,000 tables
`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    idle: { type: "string", default: "500" },
    only: { type: "string", multiple: true, default: ["point", "scan", "memory"] },
    path: { type: "string", multiple: true, default: [""] },
    statements: { type: "string", default: "1000000" },
    store: { type: "string" },
    decisions: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const load = () => `load of the machine: ${loadavg()[0]?.toFixed(2)}`;

async function main(): Promise<void> {
  const bench = await startEnvironment();
  const haproxy = haproxyInstalled() ? await startHaproxy(bench.upstreamPort) : null;
  if (haproxy === null)
    console.log("haproxy is not installed (Debian: apt-get install haproxy): its column is left out");
  console.log(load());
  const seconds = Number(options.seconds);
  try {
    const samples: Sample[] = [];
    const rounds = Number(options.rounds);
    const wanted = (path: string) => options.path.some((text) => path.includes(text));
    for (const part of ["point", "scan"] as const) {
      for (const measurement of options.only.includes(part) ? MEASUREMENTS[part] : []) {
        const of = await measureAll(bench, haproxy, measurement, { rounds, seconds, wanted });
        printReport(of);
        samples.push(...of);
      }
    }
    if (options.only.includes("memory")) {
      await printResultMemory(bench, seconds);
      await printIdleMemory(bench, Number(options.idle));
    }
    console.log(load());
    if (samples.some((sample) => sample.errors > 0)) process.exitCode = 1;
  } finally {
    await haproxy?.stop();
    await bench.stop();
  }
}

if (options.help) console.log(HELP);
else if (options.decisions) measureDecisions();
else if (options.only.includes("search")) {
  const within = await benchSearches(Number(options.statements), Number(options.rounds), options.store);
  if (!within) process.exitCode = 1;
} else if (options.only.includes("impact")) {
  const within = await benchImpact(Number(options.statements), Number(options.rounds), options.store);
  if (!within) process.exitCode = 1;
} else await main();
