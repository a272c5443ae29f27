import { ERROR_REGISTRY, type ErrorCode } from "./registry";

/** One problem of one input field, for forms and for `apply`. `path` uses dots and [index]. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
  readonly line?: number;
}

/**
 * The only error class that reaches a transport. `message` says what happened, `next` what to do about it;
 * neither holds a secret or an upstream password. `cause` is for logs only.
 */
export class SallyportError extends Error {
  readonly code: ErrorCode;
  readonly next: string | null;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { next?: string; problems?: readonly FieldProblem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SallyportError";
    this.code = code;
    this.next = options.next ?? null;
    this.problems = options.problems ?? [];
  }

  /** HTTP status of this error for route handlers. */
  get httpStatus(): number {
    return ERROR_REGISTRY[this.code].http;
  }

  /** Process exit code of this error for the command line: 1 refused or not found, 2 bad input. */
  get exitCode(): number {
    return ERROR_REGISTRY[this.code].exit;
  }
}
