import type { Limits } from "@/lib/connections/model";
import { SallyportError } from "@/lib/errors/error";
import type { ResponseWalker } from "../protocol/response-walker";
import type { PreparedStatement } from "./prepared-statements";

/** Sets the limits of one result; an open cursor goes on counting where its last fetch stopped. */
export function limitAnswer(walker: ResponseWalker, limits: Limits, cursor: PreparedStatement | null): void {
  if (limits.max_rows !== undefined) {
    walker.maxRows = limits.max_rows - (cursor?.cursorRows ?? 0);
  }
  if (limits.max_result_bytes !== undefined) {
    walker.maxBytes = limits.max_result_bytes - (cursor?.cursorBytes ?? 0);
  }
}

/** Which limit a walker has just stopped at. */
export function resultTooLarge(walker: ResponseWalker, limits: Limits): SallyportError {
  if (limits.max_rows !== undefined && walker.rows >= walker.maxRows) {
    return new SallyportError("LIMIT_EXCEEDED", `The result has more than ${limits.max_rows} rows`, {
      next: "Ask for fewer, for example with LIMIT",
    });
  }
  return new SallyportError("LIMIT_EXCEEDED", `The result has more than ${limits.max_result_bytes ?? 0} bytes`, {
    next: "Ask for fewer or shorter rows",
  });
}

export function tooSlow(limits: Limits): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", `The statement ran longer than ${limits.max_seconds ?? 0} seconds`, {
    next: "Make it faster, or ask an admin for a higher limit",
  });
}

export function tooManyStatements(limits: Limits): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", `More than ${limits.statements_per_minute ?? 0} statements in a minute`, {
    next: "Slow down",
  });
}

export function tooManySessions(connection: { readonly name: string; readonly limits: Limits }): SallyportError {
  const most = connection.limits.max_sessions ?? 0;
  return new SallyportError(
    "LIMIT_EXCEEDED",
    `The connection ${connection.name} has its ${most} sessions open already`,
    {
      next: "Close one, or ask an admin for a higher limit",
    },
  );
}

export function tooManyPrepared(): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", "The session holds too many prepared statements", { next: "Close some" });
}
