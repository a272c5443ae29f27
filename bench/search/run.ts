import { loadavg } from "node:os";
import { join } from "node:path";
import { LIMIT_MS, measureSearches } from "./measure";
import { BUFFER_POOL, openSearchStore } from "./store";

/** Makes or opens a store of so many statements, searches it and prints the times. Returns whether all were within the limit. */
export async function benchSearches(statements: number, rounds: number, folder: string | undefined): Promise<boolean> {
  const say = (text: string) => console.log(text);
  const store = await openSearchStore(statements, folder, join(import.meta.dirname, "../drizzle"), say);
  try {
    say(
      `\nsearches in ${statements.toLocaleString("en")} statements, ${rounds} rounds, InnoDB buffer pool ${BUFFER_POOL}, p95 at most ${LIMIT_MS} ms, load of the machine ${loadavg()[0]?.toFixed(2)}`,
    );
    return await measureSearches(store.url, rounds, say);
  } finally {
    await store.stop();
  }
}
