import { type Logger, pino, stdTimeFunctions } from "pino";
import { dbErrno } from "@/lib/db/errors";
import { SallyportError } from "@/lib/errors/error";

/** What a log line may say of an error. Errors of the store's driver carry SQL and values in their text: only their kind and number are kept. */
export function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof SallyportError) {
    const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
    return { type: error.name, code: error.code, message: error.message, ...cause };
  }
  const errno = dbErrno(error);
  if (errno !== null) {
    return { type: "StoreError", errno };
  }
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  // Drizzle puts the statement into the message and the driver's error into the cause.
  if ("query" in error || "sql" in error) {
    return { type: error.name, ...code, ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }) };
  }
  return { type: error.name, ...code, message: error.message, stack: error.stack };
}

/** The gateway's log: JSON lines on stdout. At info it never holds SQL, tokens, passwords or parameters. */
export function createLog(level: string, base: Record<string, unknown> = {}): Logger {
  return pino({
    level,
    base: { pid: process.pid, ...base },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  });
}
