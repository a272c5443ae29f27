import { setImmediate } from "node:timers/promises";
import type { Steps } from "@/lib/policy/suggest/steps";

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

/** Does work in steps, with air between them. */
export async function airily<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const pause = air(signal);
    if (pause !== undefined) await pause;
  }
}
