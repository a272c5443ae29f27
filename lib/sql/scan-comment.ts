import { CHARACTER_CLASS, CONTROL, hasClass, SPACE } from "./characters";
import { LexRefusal } from "./refusal";

const SLASH = 0x2f;
const STAR = 0x2a;
const DASH = 0x2d;
const HASH = 0x23;
const BANG = 0x21;
const PLUS = 0x2b;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface ScannedComment {
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** After the comment and its closing sign or line feed. */
  readonly end: number;
}

/** A comment that opens at `start`, or null. Executable comments, optimizer hints and `/*` inside a comment are refused. */
export function scanComment(bytes: Uint8Array, start: number): ScannedComment | null {
  const byte = bytes[start];
  if (byte === HASH) return lineComment(bytes, start, start + 1);
  if (byte === DASH && bytes[start + 1] === DASH) {
    // The servers open a comment only before white space, a control character, or the end; else it is two minus signs.
    const next = bytes[start + 2];
    if (next === undefined || hasClass(next, SPACE)) return lineComment(bytes, start, start + 2);
    if (hasClass(next, CONTROL)) throw new LexRefusal("control_character", start + 2);
    return null;
  }
  if (byte === SLASH && bytes[start + 1] === STAR) return blockComment(bytes, start);
  return null;
}

function lineComment(bytes: Uint8Array, start: number, bodyStart: number): ScannedComment {
  for (let at = bodyStart; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === LINE_FEED) return { bodyStart, bodyEnd: at, end: at + 1 };
    if (byte === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED) {
      throw new LexRefusal("carriage_return_in_comment", at);
    }
    refuseControl(byte, at);
  }
  return { bodyStart: Math.min(bodyStart, bytes.length), bodyEnd: bytes.length, end: Math.max(bytes.length, start) };
}

function blockComment(bytes: Uint8Array, start: number): ScannedComment {
  const bodyStart = start + 2;
  const first = bytes[bodyStart];
  const mariadb = (first === 0x4d || first === 0x6d) && bytes[bodyStart + 1] === BANG;
  if (first === BANG || mariadb) throw new LexRefusal("executable_comment", start);
  if (first === PLUS) throw new LexRefusal("optimizer_hint", start);
  for (let at = bodyStart; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === STAR && bytes[at + 1] === SLASH) return { bodyStart, bodyEnd: at, end: at + 2 };
    if (byte === SLASH && bytes[at + 1] === STAR) throw new LexRefusal("nested_comment", at);
    refuseControl(byte, at);
  }
  throw new LexRefusal("unterminated_comment", start);
}

function refuseControl(byte: number, at: number): void {
  if (((CHARACTER_CLASS[byte] ?? 0) & CONTROL) !== 0) throw new LexRefusal("control_character", at);
}
