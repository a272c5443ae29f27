import { isUtf8 } from "node:buffer";
import { LexRefusal } from "./refusal";
import { Scanner } from "./scanner";
import { DEFAULT_LEX_LIMITS, type Dialect, type LexLimits, type LexResult } from "./token";

/**
 * Reads one statement exactly as MySQL 8/9 and MariaDB 10.6 to 11 do in a session with backslash escapes, without ANSI_QUOTES,
 * PIPES_AS_CONCAT and IGNORE_SPACE, and a utf8mb4 client character set; whatever is not certain is refused. Never throws.
 */
export function lex(input: Uint8Array, dialect: Dialect, limits: LexLimits = DEFAULT_LEX_LIMITS): LexResult {
  if (input.length > limits.maxBytes) return { ok: false, reason: "too_long", at: limits.maxBytes };
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (!isUtf8(bytes)) return { ok: false, reason: "invalid_utf8", at: firstInvalid(bytes) };
  const scanner = new Scanner(bytes, dialect, limits);
  try {
    scanner.run();
  } catch (error) {
    if (error instanceof LexRefusal) return { ok: false, reason: error.reason, at: error.at };
    throw error;
  }
  const { tokens, literals, comments, hazards, source } = scanner;
  return { ok: true, lexed: { tokens, literals, comments, hazards: [...hazards], source, dialect } };
}

/** `lex` for text that is already a string (policy files, tests). */
export function lexText(text: string, dialect: Dialect, limits: LexLimits = DEFAULT_LEX_LIMITS): LexResult {
  return lex(Buffer.from(text), dialect, limits);
}

/** The first byte that no valid prefix reaches: binary search over prefixes, a cut character counts as valid. */
function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (validPrefix(bytes, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function validPrefix(bytes: Buffer, length: number): boolean {
  let cut = length;
  // At most three continuation bytes and their lead belong to a character that the prefix cuts in two.
  for (let back = 0; back < 4 && cut > 0; back += 1) {
    if (isUtf8(bytes.subarray(0, cut))) return true;
    cut -= 1;
  }
  return isUtf8(bytes.subarray(0, cut));
}
