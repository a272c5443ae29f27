import { ERROR_REGISTRY, type WireErrorCode } from "./registry";

/** What an agent's author should know of each error that the gateway sends, in the order of how often they are met. */
const MEANINGS: Readonly<Record<WireErrorCode, { meaning: string; remedy: string; closes: boolean }>> = {
  LOGIN_REFUSED: {
    meaning: "The token was not accepted, or no policy binds this identity to the connection.",
    remedy: "The message names the check that failed. Get a fresh token, or ask for access.",
    closes: true,
  },
  TOKEN_EXPIRED: {
    meaning: "The token ended while the session was open; an open transaction was rolled back.",
    remedy: "Log in again with a new token.",
    closes: true,
  },
  POLICY_DENIED: {
    meaning: "A rule forbids this statement, or nothing allows it.",
    remedy: "Do not retry it unchanged: ask for less, or ask the people who write the policy.",
    closes: false,
  },
  APPROVAL_PENDING: {
    meaning:
      "A person has to approve this statement and has not done so while it waited; the request stays under the approval's id.",
    remedy: "Retry the identical statement once it is approved, or send one that a rule allows.",
    closes: false,
  },
  APPROVAL_DENIED: {
    meaning: "A reviewer denied this statement, or its request was withdrawn; the message carries the reason.",
    remedy: "Do not send it again unchanged: do what the reason says, or ask the reviewer.",
    closes: false,
  },
  NOT_UNDERSTOOD: {
    meaning: "The statement cannot be read with certainty.",
    remedy: "Write it in plain SQL: one statement, no executable comments.",
    closes: false,
  },
  MASK_UNSAFE: {
    meaning: "The statement would tell something of a masked column that cannot be hidden in its result.",
    remedy: "Select the column as it is, or leave it out; the message names the column, the use and what is possible.",
    closes: false,
  },
  LIMIT_EXCEEDED: {
    meaning: "A limit on rows, bytes, time, rate or sessions was reached.",
    remedy: "Ask for less at once (LIMIT, fewer columns), slow down, or close idle sessions.",
    closes: false,
  },
  UNAVAILABLE: {
    meaning: "The gateway cannot reach what it needs: the database, its store or the identity provider.",
    remedy: "Try again in a moment; tell the operator if it stays.",
    closes: false,
  },
  SESSION_KILLED: {
    meaning: "A person or a KILL ended the statement or the session, or the access was revoked.",
    remedy: "Do not reconnect in a loop: find out why first.",
    closes: true,
  },
  NO_SUCH_SESSION: {
    meaning: "KILL named a session that does not exist or belongs to another identity.",
    remedy: "Use the connection id of one of your own sessions.",
    closes: false,
  },
  COMMAND_REFUSED: {
    meaning: "The client sent a protocol command that the gateway does not pass on.",
    remedy: "Use ordinary queries and prepared statements.",
    closes: false,
  },
  PROTOCOL_ERROR: {
    meaning: "The client's bytes were not valid MySQL protocol.",
    remedy: "Update the client; turn compression off.",
    closes: true,
  },
};

export interface AgentError {
  readonly code: WireErrorCode;
  readonly errno: number;
  readonly sqlState: string;
  readonly meaning: string;
  readonly remedy: string;
  /** Whether the session is over. */
  readonly closes: boolean;
}

/** Every error an agent may see from the gateway; the numbers are the registry's. */
export const AGENT_ERRORS: readonly AgentError[] = (Object.keys(MEANINGS) as WireErrorCode[]).map((code) => ({
  code,
  ...ERROR_REGISTRY[code].mysql,
  ...MEANINGS[code],
}));
