import { loadavg } from "node:os";
import { join } from "node:path";
import { BUFFER_POOL, openBenchStore } from "../store";
import { fillStore } from "./fill";
import { LIMIT_MS, measureSearches } from "./measure";

/** Makes or opens a store of so many statements, searches it and prints the times. Returns whether all were within the limit. */
export async function benchSearches(statements: number, rounds: number, folder: string | undefined): Promise<boolean> {
  const say = (text: string) => console.log(text);
  const filling = { name: `search_${statements}`, fill: (url: string) => fillStore(url, statements, say) };
  const store = await openBenchStore(filling, folder, join(import.meta.dirname, "../drizzle"));
  try {
    say(
      `\nsearches in ${statements.toLocaleString("en")} statements, ${rounds} rounds, InnoDB buffer pool ${BUFFER_POOL}, p95 at most ${LIMIT_MS} ms, load of the machine ${loadavg()[0]?.toFixed(2)}`,
    );
    return await measureSearches(store.url, rounds, say);
  } finally {
    await store.stop();
  }
}
