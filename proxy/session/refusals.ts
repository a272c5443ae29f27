import { SallyportError } from "@/lib/errors/error";
import type { MysqlError } from "@/lib/errors/mysql";
import { SERVER_ERROR } from "../protocol/constants";
import { commandLabel } from "./commands";

/** Answers of the gateway's own to commands that it does not send upstream. */

export function commandRefused(command: number): SallyportError {
  return new SallyportError("COMMAND_REFUSED", `${commandLabel(command)} is not available through the gateway`, {
    next: "Use statements; the session goes on",
  });
}

export function tooLong(): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", "The statement is too long to be read", {
    next: "Send it in smaller parts; the session is closed",
  });
}

export function tooLongToWait(): SallyportError {
  return new SallyportError(
    "UNAVAILABLE",
    "The statement has to be understood again, and its values are too long to wait",
    {
      next: "Execute it again",
    },
  );
}

/** What goes upstream of it needs more packets than the client's. */
export function doesNotFit(): SallyportError {
  return new SallyportError("LIMIT_EXCEEDED", "The statement does not fit into its packets once it is rewritten", {
    next: "Leave out escapes in its strings, or send it in smaller parts",
  });
}

export function cannotRecord(): SallyportError {
  return new SallyportError("UNAVAILABLE", "The gateway cannot record statements now, and runs none unrecorded", {
    next: "Try again in a moment",
  });
}

export function compressionRefused(): SallyportError {
  return new SallyportError("PROTOCOL_ERROR", "The client sends compressed packets, which the gateway did not offer", {
    next: "Turn compression off in the client",
  });
}

// As a server says them: clients know these.

export const UNKNOWN_STATEMENT: MysqlError = {
  errno: SERVER_ERROR.UNKNOWN_STATEMENT,
  sqlState: "HY000",
  message: "Unknown prepared statement handler",
};

export const NO_OPEN_CURSOR: MysqlError = {
  errno: SERVER_ERROR.NO_OPEN_CURSOR,
  sqlState: "HY000",
  message: "The statement has no open cursor",
};

export const INTERRUPTED: MysqlError = {
  errno: SERVER_ERROR.QUERY_INTERRUPTED,
  sqlState: "70100",
  message: "Query execution was interrupted",
};

export function unknownThread(id: number): MysqlError {
  return { errno: SERVER_ERROR.NO_SUCH_THREAD, sqlState: "HY000", message: `Unknown thread id: ${id}` };
}
