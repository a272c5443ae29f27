import type { SallyportError } from "@/lib/errors/error";

/** What a statement's answer takes of the budgets that it counts against. */
export interface StatementUse {
  /** Rows that it may still answer; infinite where nothing bounds them. */
  rowsLeft(): number;
  bytesLeft(): number;
  /** So much more of the answer has come. */
  answered(rows: number, bytes: number): void;
  /** The answer ends here because of what is left; says so to the client. */
  cut(measure: "rows" | "bytes"): SallyportError;
  /** This part of the answer is over: all of it, or what a fetch brought of a cursor. */
  ended(succeeded: boolean): void;
}
