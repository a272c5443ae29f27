import { SallyportError } from "@/lib/errors/error";
import type { MysqlError } from "@/lib/errors/mysql";
import { SERVER_ERROR } from "../protocol/constants";

/** Answers to statements that a session with a restricted account can not run. */

const ASK_ADMIN = "Ask an admin to test the connection's restricted account in the console";

/** The server would let the restricted account read what lineage found masked. */
export function disagreesWithServer(): SallyportError {
  return new SallyportError("MASK_UNSAFE", "The server lets the restricted account run what reads masked columns", {
    next: `${ASK_ADMIN}; after a JOIN, say ON in the place of USING`,
  });
}

/** The server does not let the restricted account read what lineage found clean. */
export function disagreesWithLineage(): SallyportError {
  return new SallyportError("MASK_UNSAFE", "The server keeps the restricted account from something that this reads", {
    next: "Name only columns that are not masked; where that is so, ask an admin to run the account's script again",
  });
}

/** Only plain reads go to the main account. */
export function looksWhileItWrites(): SallyportError {
  return new SallyportError("MASK_UNSAFE", "The statement looks at masked columns and is no plain SELECT", {
    next: "Select the keys first, and name the rows by those",
  });
}

export function changedBefore(): SallyportError {
  return new SallyportError(
    "MASK_UNSAFE",
    "The open transaction has changed something, which a read of masked columns would not see",
    { next: "Commit first, or read the masked columns before the first change" },
  );
}

export function tablesHeld(): SallyportError {
  return new SallyportError(
    "MASK_UNSAFE",
    "The session holds tables or an XA transaction, and a read of masked columns would wait for it or miss it",
    {
      next: "Read the masked columns in another session",
    },
  );
}

export function locksAcross(): SallyportError {
  return new SallyportError(
    "MASK_UNSAFE",
    "Rows with masked columns can not be locked or changed by a read in a transaction",
    {
      next: "Lock the rows by their keys, and read the masked columns in a plain SELECT",
    },
  );
}

export function variablesUnknown(): SallyportError {
  return new SallyportError(
    "MASK_UNSAFE",
    "The user variables of the session hold what a read of masked columns does not know",
    {
      next: "Put the values into the statement",
    },
  );
}

/** The second connection can not be brought into the state of the first any more. */
export function settingsLost(): SallyportError {
  return new SallyportError(
    "LIMIT_EXCEEDED",
    "The session has more settings than a read of masked columns can take over",
    {
      next: "Log in again, and set fewer variables",
    },
  );
}

/** Reading masked columns has lost its connection. */
export function mainLost(): SallyportError {
  return new SallyportError("UNAVAILABLE", "The connection that reads masked columns was lost", { next: "Try again" });
}

/** As a server says it; clients that know it prepare again. */
export const PREPARE_AGAIN: MysqlError = {
  errno: SERVER_ERROR.UNKNOWN_STATEMENT,
  sqlState: "HY000",
  message:
    "Unknown prepared statement handler: the masks have changed, or the connection that it was on was lost; prepare the statement again",
};
