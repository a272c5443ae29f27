import { env } from "@/lib/config/env";
import { openStore, type Store } from "./client";

const HOLDER = Symbol.for("sallyport.console-store");

/** The console process's one pool. It hangs on globalThis because Next bundles pages, routes and instrumentation apart. */
export function consoleStore(): Store {
  const holder = globalThis as { [HOLDER]?: Store };
  holder[HOLDER] ??= openStore(env("store").DATABASE_URL);
  return holder[HOLDER];
}

/** Closes the pool, if one was opened. */
export async function closeConsoleStore(): Promise<void> {
  const holder = globalThis as { [HOLDER]?: Store };
  await holder[HOLDER]?.close();
  delete holder[HOLDER];
}
