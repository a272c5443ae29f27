import { setTimeout as delay } from "node:timers/promises";

/** Statements wait no longer than this for a catalogue. */
const WAIT_MS = 10_000;

/** Whether the work, which never rejects, was done in time. */
export async function inTime(work: Promise<void>): Promise<boolean> {
  const late = new AbortController();
  const timeout = delay(WAIT_MS, false, { signal: late.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), timeout]);
  late.abort();
  return done;
}
