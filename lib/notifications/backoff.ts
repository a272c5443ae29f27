/** Attempts before a message is given up, the first included: the last one is about a day after it. */
export const MAX_ATTEMPTS = 10;
const FIRST_MS = 10_000;
const FACTOR = 3;
/** Of each pause, up to this share is added or taken away, so that receivers that come back are not met by all at once. */
const JITTER = 0.2;

/** The pause after `attempts` failed attempts, in milliseconds; null: give up. `random` is in [0, 1). */
export function pauseAfter(attempts: number, random: number): number | null {
  if (attempts >= MAX_ATTEMPTS) return null;
  return Math.round(FIRST_MS * FACTOR ** (attempts - 1) * (1 + JITTER * (2 * random - 1)));
}
