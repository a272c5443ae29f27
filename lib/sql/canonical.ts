import type { Lexed, Literal } from "./token";

/**
 * What a literal is for, as far as it can be told from the tokens around it.
 * - `value`: any value; the template holds a typed placeholder.
 * - `limit`, `offset`: row counts; the template holds a placeholder, residual checks read the value.
 * - `kept`: carries meaning (alias, ORDER BY position, JSON path, date format, separator ...) and stays in the template as it is.
 */
export type LiteralRole = "value" | "limit" | "offset" | "kept";

export interface CanonicalLiteral extends Literal {
  readonly role: LiteralRole;
}

export interface Canonical {
  /** What goes to the server: no comments, escapes re-quoted, no trailing semicolon. */
  readonly server: string;
  /** The original bytes say exactly the same as `server` and may be forwarded. */
  readonly unchanged: boolean;
  /**
   * What the SQL parser sees: single spaces, names back-quoted, keywords bare and upper-case. Literal number i is `'s<i>'` (string),
   * `'x<i>'` (hex), `'b<i>'` (bit), or the integer PLACEHOLDER_BASE + i (number or parameter).
   */
  readonly parser: string;
  /** The statement's identity: the server text in one spelling, with typed placeholders `:s :i :d :f :x :b ?`. Never truncated. */
  readonly template: string;
  /** SHA-256 of the template in hex, computed when first read. */
  readonly templateHash: string;
  readonly literals: readonly CanonicalLiteral[];
}

/** Numbers and parameters are written into the parser text as this plus their literal index. */
export const PLACEHOLDER_BASE = 1_000_000;

export type Canonicalise = (lexed: Lexed) => Canonical;
