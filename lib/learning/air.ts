import { setImmediate } from "node:timers/promises";

/** The console serves people on the same thread. */
const LONGEST_MS = 15;

let since = performance.now();

/** To be awaited between pieces of long work: lets others have their turn every now and then. Throws when the work is not wanted any more. */
export function air(signal: AbortSignal): Promise<void> | undefined {
  if (performance.now() - since < LONGEST_MS) return undefined;
  return turn(signal);
}

async function turn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  since = performance.now();
  signal.throwIfAborted();
}
