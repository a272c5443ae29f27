import type { z } from "zod";
import { type FieldProblem, SallyportError } from "@/lib/errors/error";

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** zod's issues as field problems; a union that failed is reported as one problem at its own path. */
export function problemsOf(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message }));
}

/** Parses what came from outside, or throws INVALID_INPUT with every problem at its field. `prefix` leads the paths. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const problems = problemsOf(result.error);
  const first = problems[0];
  throw new SallyportError("INVALID_INPUT", `${what} is not valid: ${first?.path || "input"}: ${first?.message}`, {
    next: "Correct the marked fields and try again",
    problems,
  });
}
