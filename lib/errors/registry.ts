/**
 * Every failure a person, script or MySQL client can be told about, in one table.
 * `http` is the status of a route handler, `exit` the exit code of the command line (contracts.md),
 * `mysql` the ERR packet's number and SQLSTATE; codes without `mysql` never reach the wire.
 */
export const ERROR_REGISTRY = {
  LOGIN_REFUSED: { http: 401, exit: 1, mysql: { errno: 1045, sqlState: "28000" } },
  TOKEN_EXPIRED: { http: 401, exit: 1, mysql: { errno: 3169, sqlState: "HY000" } },
  POLICY_DENIED: { http: 403, exit: 1, mysql: { errno: 1227, sqlState: "42000" } },
  APPROVAL_PENDING: { http: 403, exit: 1, mysql: { errno: 1227, sqlState: "42000" } },
  APPROVAL_DENIED: { http: 403, exit: 1, mysql: { errno: 1227, sqlState: "42000" } },
  NOT_UNDERSTOOD: { http: 422, exit: 1, mysql: { errno: 1064, sqlState: "42000" } },
  MASK_UNSAFE: { http: 403, exit: 1, mysql: { errno: 1143, sqlState: "42000" } },
  LIMIT_EXCEEDED: { http: 429, exit: 1, mysql: { errno: 1226, sqlState: "42000" } },
  UNAVAILABLE: { http: 503, exit: 1, mysql: { errno: 1105, sqlState: "HY000" } },
  SESSION_KILLED: { http: 410, exit: 1, mysql: { errno: 1317, sqlState: "70100" } },
  NO_SUCH_SESSION: { http: 404, exit: 1, mysql: { errno: 1094, sqlState: "HY000" } },
  COMMAND_REFUSED: { http: 403, exit: 1, mysql: { errno: 1047, sqlState: "08S01" } },
  PROTOCOL_ERROR: { http: 400, exit: 1, mysql: { errno: 1835, sqlState: "HY000" } },
  UNAUTHENTICATED: { http: 401, exit: 1, mysql: null },
  FORBIDDEN: { http: 403, exit: 1, mysql: null },
  NOT_FOUND: { http: 404, exit: 1, mysql: null },
  CONFLICT: { http: 409, exit: 1, mysql: null },
  INVALID_INPUT: { http: 400, exit: 2, mysql: null },
  INVALID_CONFIG: { http: 500, exit: 2, mysql: null },
  RATE_LIMITED: { http: 429, exit: 1, mysql: null },
  INTERNAL: { http: 500, exit: 1, mysql: null },
} as const satisfies Record<string, { http: number; exit: 1 | 2; mysql: { errno: number; sqlState: string } | null }>;

/** A stable error code; the only thing callers may compare. */
export type ErrorCode = keyof typeof ERROR_REGISTRY;

/** The codes that have an ERR packet. */
export type WireErrorCode = {
  [C in ErrorCode]: (typeof ERROR_REGISTRY)[C]["mysql"] extends null ? never : C;
}[ErrorCode];
