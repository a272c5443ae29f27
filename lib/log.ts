import pino, { type Logger } from "pino";
import { env } from "@/lib/config/env";

const HOLDER = Symbol.for("sallyport.console-log");

/** The console's structured log (stdout, JSON). Never SQL, tokens, cookies or request bodies. */
export function log(): Logger {
  const holder = globalThis as { [HOLDER]?: Logger };
  holder[HOLDER] ??= pino({ name: "console", level: env("process").LOG_LEVEL });
  return holder[HOLDER];
}

/** What may be logged of an error: drizzle's message holds the statement with its parameters, so only the innermost cause speaks. */
export function loggableError(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
} {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return { name: "Unknown", message: "something that is no Error was thrown" };
  return "sqlState" in inner && "errno" in inner
    ? { name: "DatabaseError", message: `errno ${String(inner.errno)}` }
    : { name: inner.name, message: inner.message, stack: inner.stack };
}
