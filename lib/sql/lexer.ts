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

/** Blocks that are valid are passed over natively. */
const BLOCK = 64 * 1024;

/** Offset of the first character that is not valid UTF-8. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const end = characterStart(bytes, Math.min(at + BLOCK, bytes.length));
    if (end <= at || !isUtf8(bytes.subarray(at, end))) return firstInvalidIn(bytes, at);
    at = end;
  }
  return at;
}

/** The last offset up to `end` where a character may start. */
function characterStart(bytes: Buffer, end: number): number {
  let at = end;
  for (let back = 0; back < 3 && at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80; back += 1) at -= 1;
  return at;
}

function firstInvalidIn(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length > 1 && !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}
