import { ZodError } from "zod";
import { type FieldProblem, SallyportError } from "@/lib/errors/error";
import type { ErrorCode } from "@/lib/errors/registry";
import { log, loggableError } from "@/lib/log";
import { problemsOf } from "@/lib/parse-input";

/** What the browser gets of a failure, as JSON of a route handler and as the result of a form. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string | null;
  readonly problems: readonly FieldProblem[];
  readonly requestId: string;
}

/** The one mapper from anything thrown to what is shown. What nobody expected is logged and shown as INTERNAL with the request id. */
export function errorBody(error: unknown, requestId: string): { readonly body: ErrorBody; readonly status: number } {
  const known = asSallyportError(error, requestId);
  return {
    status: known.httpStatus,
    body: { code: known.code, message: known.message, next: known.next, problems: known.problems, requestId },
  };
}

function asSallyportError(error: unknown, requestId: string): SallyportError {
  if (error instanceof SallyportError) {
    if (error.httpStatus >= 500)
      log().error({ requestId, code: error.code, error: loggableError(error) }, error.message);
    return error;
  }
  if (error instanceof ZodError) {
    return new SallyportError("INVALID_INPUT", "Some fields are not right", {
      problems: problemsOf(error),
    });
  }
  log().error({ requestId, error: loggableError(error) }, "unexpected failure");
  return new SallyportError("INTERNAL", "Something went wrong on our side", {
    next: "Try again; if it stays, give your administrator the request id",
  });
}
