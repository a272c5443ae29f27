import type { NotUnderstoodReason } from "./token";

/** Ends the scan from any depth; `lex` turns it into a result, it never leaves lib/sql. */
export class LexRefusal extends Error {
  readonly reason: NotUnderstoodReason;
  /** Byte offset in the statement. */
  readonly at: number;

  constructor(reason: NotUnderstoodReason, at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}
