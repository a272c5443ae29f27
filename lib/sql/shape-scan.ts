import { isUtf8 } from "node:buffer";
import type { Canonical } from "./canonical";
import { CHARACTER_CLASS, DIGIT, HIGH, WORD } from "./characters";
import type { LiteralKind } from "./token";

/** Longer texts and texts with more literals take the full lexer; they are rare and cost more to run than to read. */
const MAX_SHAPE = 16 * 1024;
const MAX_STATEMENT = 256 * 1024;
const MAX_LITERALS = 1024;

/** What stands in the shape for a literal: control characters, which no statement on this path has outside its strings. */
const INTEGER_MARK = 1;
const DECIMAL_MARK = 2;
const STRING_MARK = 3;
const DOUBLE_QUOTED_MARK = 4;

const KINDS: readonly LiteralKind[] = ["parameter", "number", "number", "string", "string"];

/** What to do at a byte outside of words and literals. */
const COPY = 0;
const WORD_START = 1;
const NUMBER = 2;
const STRING = 3;
const NAME = 4;
const PARAMETER = 5;
const DASH = 6;
const SLASH = 7;
const DOT = 8;
const LEAVE = 9;

const ACTIONS = buildActions();

function buildActions(): Uint8Array {
  const actions = new Uint8Array(256).fill(LEAVE);
  for (let byte = 0x20; byte < 0x7f; byte += 1) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z_]/.test(char)) actions[byte] = WORD_START;
    else if (/[0-9]/.test(char)) actions[byte] = NUMBER;
    else if (" ()*,+%<>=!&|^~@:".includes(char)) actions[byte] = COPY;
  }
  for (const byte of [0x09, 0x0a, 0x0d]) actions[byte] = COPY;
  actions[0x27] = STRING;
  actions[0x22] = STRING;
  actions[0x60] = NAME;
  actions[0x3f] = PARAMETER;
  actions[0x2d] = DASH;
  actions[0x2f] = SLASH;
  actions[0x2e] = DOT;
  return actions;
}

/**
 * The hot path's reader: one pass that splits a statement into its shape (every byte except those of plain literals, which become one
 * mark each) and the places of its literals. It judges nothing. A statement with comments, escapes, semicolons or anything else that
 * needs judgement leaves this path. Two statements with the same shape lex to the same tokens but for the values of their literals.
 *
 * One scanner is reused for all statements: what it holds is valid until the next `scan`.
 */
export class ShapeScanner {
  readonly shape: Buffer = Buffer.alloc(MAX_SHAPE);
  /** Bytes of `shape` in use. */
  length = 0;
  /** FNV-1a of the shape; only ever an index, equality is decided on the bytes. */
  hash = 0;
  /** Number of literals. */
  count = 0;
  /** Byte offsets relative to the statement's start; ends are exclusive, quotes included. */
  readonly starts: Int32Array = new Int32Array(MAX_LITERALS);
  readonly ends: Int32Array = new Int32Array(MAX_LITERALS);
  private readonly marks = new Uint8Array(MAX_LITERALS);

  /** Reads bytes[from, to); false when the statement must take the full lexer. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from > MAX_STATEMENT) return false;
    this.count = 0;
    const { shape } = this;
    let hash = 0x811c9dc5;
    let length = 0;
    let high = false;
    let at = from;
    while (at < to) {
      if (length >= MAX_SHAPE - 1 || this.count >= MAX_LITERALS - 1) return false;
      const byte = byteAt(bytes, at);
      let write = byte;
      switch (ACTIONS[byte]) {
        case COPY:
          at += 1;
          break;
        case WORD_START: {
          let next = byte;
          do {
            if (length >= MAX_SHAPE - 1) return false;
            shape[length] = next;
            length += 1;
            hash = Math.imul(hash ^ next, 0x01000193);
            at += 1;
            next = at < to ? byteAt(bytes, at) : 0x20;
          } while ((classOf(next) & WORD) !== 0);
          // x'..', n'..' and _charset'..' are judged by the full lexer.
          if (next === 0x27 || next === 0x22 || next > 0x7f) return false;
          continue;
        }
        case NUMBER: {
          const start = at;
          write = INTEGER_MARK;
          at = skipDigits(bytes, at, to);
          if (bytes[at] === 0x2e && at + 1 < to) {
            write = DECIMAL_MARK;
            const fraction = at + 1;
            at = skipDigits(bytes, fraction, to);
            if (at === fraction) return false;
          }
          if (at < to && (classAt(bytes, at) & (WORD | HIGH)) !== 0) return false;
          if (at < to && bytes[at] === 0x2e) return false;
          this.add(start - from, at - from, write);
          break;
        }
        case STRING: {
          const start = at;
          at += 1;
          for (;;) {
            if (at >= to) return false;
            const inside = byteAt(bytes, at);
            if (inside === byte) break;
            if (inside === 0x5c || inside === 0) return false;
            if (inside > 0x7f) high = true;
            at += 1;
          }
          at += 1;
          if (at < to && bytes[at] === byte) return false;
          write = byte === 0x27 ? STRING_MARK : DOUBLE_QUOTED_MARK;
          this.add(start - from, at - from, write);
          break;
        }
        case NAME: {
          let inside = byte;
          do {
            if (length >= MAX_SHAPE - 1) return false;
            shape[length] = inside;
            length += 1;
            hash = Math.imul(hash ^ inside, 0x01000193);
            at += 1;
            if (at >= to) return false;
            inside = byteAt(bytes, at);
            if (inside < 0x20 || inside > 0x7e) return false;
          } while (inside !== 0x60);
          at += 1;
          break;
        }
        case PARAMETER:
          this.add(at - from, at + 1 - from, 0);
          at += 1;
          break;
        case DASH:
          if (at + 1 >= to || bytes[at + 1] === 0x2d) return false;
          at += 1;
          break;
        case SLASH:
          if (at + 1 >= to || bytes[at + 1] === 0x2a) return false;
          at += 1;
          break;
        case DOT:
          if (at + 1 >= to || (classAt(bytes, at + 1) & DIGIT) !== 0) return false;
          at += 1;
          break;
        default:
          return false;
      }
      shape[length] = write;
      length += 1;
      hash = Math.imul(hash ^ write, 0x01000193);
    }
    this.length = length;
    this.hash = hash >>> 0;
    return !high || isUtf8(bytes.subarray(from, to));
  }

  /**
   * The indexes of the literals that must be equal for a stored decision to hold, when the full reading of the same statement found the
   * same literals in the same places and would forward its bytes unchanged; null when the two differ and nothing may be stored.
   */
  keptLiterals(canonical: Canonical): number[] | null {
    const { literals } = canonical;
    if (!canonical.unchanged || literals.length !== this.count) return null;
    const same = literals.every(
      (literal, index) =>
        literal.start === this.starts[index] &&
        literal.end === this.ends[index] &&
        literal.kind === KINDS[this.marks[index] ?? 0],
    );
    return same ? literals.filter((literal) => literal.role === "kept").map((literal) => literal.index) : null;
  }

  private add(start: number, end: number, mark: number): void {
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.marks[this.count] = mark;
    this.count += 1;
  }
}

/** The caller has checked `at`; the cast spares the hot loop a branch per byte. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function classOf(byte: number): number {
  return CHARACTER_CLASS[byte] as number;
}

function classAt(bytes: Uint8Array, at: number): number {
  return classOf(byteAt(bytes, at));
}

function skipDigits(bytes: Uint8Array, start: number, to: number): number {
  let at = start;
  while (at < to && (classAt(bytes, at) & DIGIT) !== 0) at += 1;
  return at;
}
