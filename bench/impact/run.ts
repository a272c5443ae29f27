import { loadavg } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openStore } from "@/lib/db/client";
import { measureImpact } from "@/lib/impact/measure";
import { median } from "../report";
import { BUFFER_POOL, openBenchStore } from "../store";
import { BENCH_DAYS, fillRecord } from "./fill";
import { BENCH_CONNECTION, benchMasks, benchPolicies } from "./record";

/** A million statements must be decided again within this, in milliseconds. */
const LIMIT_MS = 30_000;
const LIMIT_OF = 1_000_000;

/** A draft that changes something for everybody: fewer rows, no deletes, a new mask. */
const DRAFT = {
  connection: BENCH_CONNECTION.name,
  policies: [...benchPolicies(50, { effect: "deny" })],
  without: [],
  masks: [...benchMasks()],
};

/** Makes or opens a store with so many recorded statements and puts a draft to it. Returns whether that was fast enough. */
export async function benchImpact(statements: number, rounds: number, folder: string | undefined): Promise<boolean> {
  const say = (text: string) => console.log(text);
  const filling = { name: `impact_${statements}`, fill: (url: string) => fillRecord(url, statements, say) };
  const server = await openBenchStore(filling, folder, join(import.meta.dirname, "../drizzle"));
  const store = openStore(server.url);
  try {
    say(
      `\nimpact of a draft on ${statements.toLocaleString("en")} statements, ${rounds} rounds, InnoDB buffer pool ${BUFFER_POOL}, load of the machine ${loadavg()[0]?.toFixed(2)}`,
    );
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const until = new Date();
      const since = new Date(until.getTime() - BENCH_DAYS * 86_400_000);
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const before = { at: performance.now(), cpu: process.cpuUsage() };
      const signal = new AbortController().signal;
      const result = await measureImpact(store.db, DRAFT, { since, until }, { signal, progress: () => undefined });
      const took = performance.now() - before.at;
      const { user, system } = process.cpuUsage(before.cpu);
      delay.disable();
      times.push(took);
      const { totals, templates, unchanged, changes, moreChanges } = result;
      if (round === 0) {
        say(`${result.statements.toLocaleString("en")} statements of ${templates} templates, ${unchanged} unchanged`);
        say(`${JSON.stringify(totals)} in ${changes.length + moreChanges} changes`);
      }
      say(
        `${(took / 1000).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s; event loop p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, worst ${(delay.max / 1e6).toFixed(0)} ms`,
      );
    }
    return median(times) <= (LIMIT_MS * Math.max(statements, 1)) / LIMIT_OF;
  } finally {
    await store.close();
    await server.stop();
  }
}
