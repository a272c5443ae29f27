const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** Of each pause, up to this share is added or taken away. */
const JITTER = 0.2;

/** The pause after `failures` failed attempts in a row, in milliseconds: a stream is never given up. `random` is in [0, 1). */
export function streamPause(failures: number, random: number): number {
  const pause = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 30), LONGEST_MS);
  return Math.round(pause * (1 + JITTER * (2 * random - 1)));
}
