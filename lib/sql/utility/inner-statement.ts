import { lex } from "../lexer";
import type { Lexed, LexResult } from "../token";

/** The statement inside EXPLAIN, from token `from` on, as a statement of its own. */
export function innerStatement(lexed: Lexed, from: number): LexResult {
  const start = lexed.tokens[from]?.start ?? lexed.source.bytes.length;
  return lex(lexed.source.bytes.subarray(start), lexed.dialect);
}
