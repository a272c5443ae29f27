import { CHARACTER_CLASS, CONTROL } from "./characters";
import { LexRefusal } from "./refusal";

export const QUOTE = 0x27;
export const DOUBLE_QUOTE = 0x22;
export const BACK_QUOTE = 0x60;
const BACKSLASH = 0x5c;

export interface ScannedString {
  /** After the closing quote. */
  readonly end: number;
  /** Number of backslash escapes and of doubled quotes. */
  readonly escapes: number;
  readonly doubled: number;
  readonly nul: boolean;
}

/** A string from its opening quote, as `get_text` of the servers' lexers reads it with backslash escapes on. */
export function scanString(bytes: Uint8Array, start: number): ScannedString {
  const quote = bytes[start];
  let escapes = 0;
  let doubled = 0;
  let nul = false;
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) {
      escapes += 1;
      at += 1;
      if (bytes[at] === 0) nul = true;
    } else if (byte === quote) {
      if (bytes[at + 1] !== quote) return { end: at + 1, escapes, doubled, nul };
      doubled += 1;
      at += 1;
    } else if (byte === 0) nul = true;
  }
  throw new LexRefusal("unterminated_quote", start);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
  // Both characters stay: LIKE tells an escaped wildcard from a wildcard by them.
  "%": "\\%",
  _: "\\_",
};

/** The value of the text between the quotes of a string. */
export function decodeString(body: string, quote: string, scanned: ScannedString): string {
  if (scanned.escapes === 0) return scanned.doubled > 0 ? body.replaceAll(quote + quote, quote) : body;
  let value = "";
  let copied = 0;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at];
    if (char === quote) {
      value += body.slice(copied, at + 1);
      at += 1;
      copied = at + 1;
    } else if (char === "\\") {
      const next = body[at + 1] ?? "";
      value += body.slice(copied, at) + (ESCAPES[next] ?? next);
      at += 1;
      copied = at + 1;
    }
  }
  return value + body.slice(copied);
}

/** A string literal with this value for a session with backslash escapes on; `quote` keeps the original's quotes. */
export function encodeString(value: string, quote: string): string {
  const body = value
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, quote + quote)
    .replaceAll("\0", "\\0")
    .replaceAll("\x1a", "\\Z");
  return quote + body + quote;
}

/** A back-quoted name from its opening quote; backslash means nothing here. Returns the offset after the closing quote. */
export function scanQuotedName(bytes: Uint8Array, start: number): { readonly end: number; readonly doubled: boolean } {
  let doubled = false;
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === BACK_QUOTE) {
      if (bytes[at + 1] !== BACK_QUOTE) {
        if (at === start + 1) throw new LexRefusal("empty_name", start);
        return { end: at + 1, doubled };
      }
      doubled = true;
      at += 1;
    } else if (byte < 0x20 || ((CHARACTER_CLASS[byte] ?? 0) & CONTROL) !== 0) {
      throw new LexRefusal("control_character", at);
    }
  }
  throw new LexRefusal("unterminated_quote", start);
}
