import type { SallyportError } from "@/lib/errors/error";
import type { RelayHandling } from "./commands";
import { tooManyPrepared, tooManyStatements } from "./limits";
import type { PreparedStatements } from "./prepared-statements";
import { cannotRecord } from "./refusals";
import type { SessionParts } from "./session-parts";

/** Why a command may not run now: nothing runs unrecorded or beyond the connection's limits. Takes one from the statement rate. */
export function refusalOf(
  handling: RelayHandling,
  { ports, rate, grant }: SessionParts,
  prepared: PreparedStatements,
  now: number,
): SallyportError | null {
  if (handling.record === null) {
    return null;
  }
  if (!ports.recorder.accepts()) {
    return cannotRecord();
  }
  if (handling.record === "prepare") {
    return prepared.full ? tooManyPrepared() : null;
  }
  return rate === null || rate.take(now) ? null : tooManyStatements(grant.connection.limits);
}
