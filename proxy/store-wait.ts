import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { dbErrno } from "@/lib/db/errors";
import { SallyportError } from "@/lib/errors/error";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** A server that answers with one of these will answer otherwise soon: too many connections, shutting down, no quorum. */
const PASSING = new Set([1040, 1047, 1053, 1203]);

/** Whether the store was not reached, as opposed to reached and refusing (wrong password, no such database). */
export function isStoreAway(error: unknown): boolean {
  if (error instanceof SallyportError) {
    return error.code === "UNAVAILABLE";
  }
  const errno = dbErrno(error);
  return errno === null ? isConnectionError(error) : PASSING.has(errno);
}

function isConnectionError(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = "code" in e && typeof e.code === "string" ? e.code : "";
    if (/^(E[A-Z]+|PROTOCOL_[A-Z_]+)$/.test(code)) {
      return true;
    }
  }
  return false;
}

/** Runs `work` until the store answers, with growing pauses, while `keepTrying` says so. Other errors come through at once. */
export async function retryUntilAnswered<T>(
  work: () => Promise<T>,
  log: Logger,
  keepTrying: () => boolean,
): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (err) {
      if (!isStoreAway(err) || !keepTrying()) {
        throw err;
      }
      log.warn({ err }, "waiting for the store");
      await delay(pause);
    }
  }
}
