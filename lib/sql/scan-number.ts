import { DIGIT, HEX, HIGH, hasClass, WORD } from "./characters";
import { LexRefusal } from "./refusal";
import { QUOTE } from "./scan-quoted";
import type { LiteralKind, NumberForm } from "./token";

const DOT = 0x2e;
const ZERO = 0x30;

export interface ScannedNumber {
  readonly end: number;
  readonly kind: Extract<LiteralKind, "number" | "hex" | "bit">;
  readonly form: NumberForm | null;
  /** Offsets of the digits of a hexadecimal or bit literal. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/**
 * A number from its first digit or dot (states NUMBER_IDENT, INT_OR_REAL and REAL of the servers' lexers). What the servers would read as
 * a name that starts with a digit, or as a number with a word glued to it (`1e0FROM`), is refused.
 */
export function scanNumber(bytes: Uint8Array, start: number): ScannedNumber {
  // Only lower case opens these; 0X41 and 0B1 are names to the servers.
  if (bytes[start] === ZERO && bytes[start + 1] === 0x78) return prefixed(bytes, start, "hex");
  if (bytes[start] === ZERO && bytes[start + 1] === 0x62) return prefixed(bytes, start, "bit");
  let at = skipDigits(bytes, start);
  let form: NumberForm = "integer";
  if (bytes[at] === DOT) {
    if (!hasClass(bytes[at + 1], DIGIT)) throw new LexRefusal("malformed_number", start);
    form = "decimal";
    at = skipDigits(bytes, at + 1);
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? 1 : 0;
    if (hasClass(bytes[at + 1 + sign], DIGIT)) {
      form = "float";
      at = skipDigits(bytes, at + 1 + sign);
    }
  }
  if (bytes[at] === DOT) throw new LexRefusal("malformed_number", start);
  if (hasClass(bytes[at], WORD | HIGH)) {
    throw new LexRefusal(form === "integer" ? "digit_leading_name" : "number_glued_to_word", start);
  }
  return { end: at, kind: "number", form, bodyStart: start, bodyEnd: at };
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (hasClass(bytes[at], DIGIT)) at += 1;
  return at;
}

function prefixed(bytes: Uint8Array, start: number, kind: "hex" | "bit"): ScannedNumber {
  const bodyStart = start + 2;
  const end = skipBody(bytes, bodyStart, kind);
  if (end === bodyStart || hasClass(bytes[end], WORD | HIGH)) throw new LexRefusal("digit_leading_name", start);
  if (bytes[end] === DOT) throw new LexRefusal("malformed_number", start);
  return { end, kind, form: null, bodyStart, bodyEnd: end };
}

/** `x'..'` or `b'..'` from the letter; only single quotes open these. */
export function scanQuotedNumber(bytes: Uint8Array, start: number, kind: "hex" | "bit"): ScannedNumber {
  const bodyStart = start + 2;
  const bodyEnd = skipBody(bytes, bodyStart, kind);
  const odd = kind === "hex" && (bodyEnd - bodyStart) % 2 === 1;
  if (bytes[bodyEnd] !== QUOTE || odd) throw new LexRefusal(kind === "hex" ? "malformed_hex" : "malformed_bit", start);
  return { end: bodyEnd + 1, kind, form: null, bodyStart, bodyEnd };
}

function skipBody(bytes: Uint8Array, start: number, kind: "hex" | "bit"): number {
  let at = start;
  if (kind === "hex") while (hasClass(bytes[at], HEX)) at += 1;
  else while (bytes[at] === ZERO || bytes[at] === ZERO + 1) at += 1;
  return at;
}
