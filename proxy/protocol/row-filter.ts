import { HEADER, MAX_PAYLOAD, STATUS } from "./constants";
import { EOF_BELOW } from "./eof-packet";
import { FRAME_HEADER, payloadLength } from "./frame";

/** What a filter makes of an answer. */
export interface Sieve {
  /** `bytes[from, to)` is no part of a row; valid during the call only. */
  keep(bytes: Buffer, from: number, to: number): void;
  /** The first row of a result is left out here. */
  leftOut(): void;
}

const PLACE = { FIRST: 0, COLUMNS: 1, COLUMNS_EOF: 2, ROWS: 3, DONE: 4 } as const;
type Place = (typeof PLACE)[keyof typeof PLACE];

/** An OK's header, its two numbers and its status. */
const LONGEST_HEAD = FRAME_HEADER + 1 + 9 + 9 + 2;

/**
 * Leaves the rows out of answers as a client gets them, wherever the bytes were parted. What it can not tell is left out. Of answers that
 * have no rows (prepared statements, lists of fields) there is nothing to filter.
 */
export class RowFilter {
  readonly #deprecateEof: boolean;
  readonly #sieve: Sieve;
  #place: Place = PLACE.DONE;
  #cursor = false;
  #columnsLeft = 0;
  /** The result's rows are known to be left out. */
  #told = false;
  /** Beginning of a packet that is not decided on. */
  readonly #head = Buffer.alloc(LONGEST_HEAD);
  #headLength = 0;
  /** Of the packet that is decided on. */
  #bodyLeft = 0;
  #continued = false;
  #keeps = false;

  constructor(deprecateEof: boolean, sieve: Sieve) {
    this.#deprecateEof = deprecateEof;
    this.#sieve = sieve;
  }

  /** A new answer begins. `rows`: of a fetch. `cursor`: the execution asks for a cursor. */
  start(answer: "results" | "rows", cursor: boolean): void {
    this.#place = answer === "rows" ? PLACE.ROWS : PLACE.FIRST;
    this.#cursor = cursor;
    this.#told = false;
    this.#headLength = 0;
    this.#bodyLeft = 0;
    this.#continued = false;
  }

  /** Takes what follows of the answer. */
  take(bytes: Buffer, from: number, to: number): void {
    let at = from;
    /** Where the bytes begin that are kept and not given yet. */
    let kept = -1;
    const give = (end: number) => {
      if (kept >= 0 && kept < end) this.#sieve.keep(bytes, kept, end);
      kept = -1;
    };
    while (at < to) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, to - at);
        if (this.#keeps && kept < 0) kept = at;
        if (!this.#keeps) give(at);
        this.#bodyLeft -= step;
        at += step;
        continue;
      }
      const whole = this.#headLength === 0;
      const head = whole ? bytes : this.#head;
      const start = whole ? at : 0;
      const there = whole ? to - at : this.#headLength;
      const needed = this.#needed(head, start, there);
      if (there < needed) {
        give(at);
        const step = Math.min(needed - there, to - at);
        bytes.copy(this.#head, whole ? 0 : there, at, at + step);
        this.#headLength = (whole ? 0 : there) + step;
        at += step;
        // More of the head may be needed now, or it is complete: either is seen in the next turn, which comes even at the end.
        if (at < to || this.#headLength < this.#needed(this.#head, 0, this.#headLength)) continue;
        this.#giveHead();
        continue;
      }
      if (!whole) {
        this.#giveHead();
        continue;
      }
      if (this.#decide(head, start)) {
        give(at);
        this.#sieve.leftOut();
      }
      if (!this.#keeps) give(at);
      else if (kept < 0) kept = at;
      const length = payloadLength(bytes, at);
      const step = Math.min(FRAME_HEADER + length, to - at);
      this.#bodyLeft = FRAME_HEADER + length - step;
      at += step;
    }
    give(to);
  }

  /** How long the head of a packet has to be for a decision, as far as `there` bytes of it tell. */
  #needed(head: Buffer, at: number, there: number): number {
    if (there < FRAME_HEADER) return FRAME_HEADER;
    const length = payloadLength(head, at);
    if (this.#continued || this.#place === PLACE.DONE || length === 0) return FRAME_HEADER;
    if (this.#place !== PLACE.ROWS) return Math.min(FRAME_HEADER + length, LONGEST_HEAD);
    if (there === FRAME_HEADER) return FRAME_HEADER + 1;
    const first = head[at + FRAME_HEADER] ?? 0;
    return this.#isRow(first, length) ? FRAME_HEADER + 1 : Math.min(FRAME_HEADER + length, LONGEST_HEAD);
  }

  /** The head of a packet that was parted from the rest. */
  #giveHead(): void {
    if (this.#decide(this.#head, 0)) this.#sieve.leftOut();
    const length = this.#headLength;
    this.#headLength = 0;
    this.#bodyLeft = FRAME_HEADER + payloadLength(this.#head, 0) - length;
    if (this.#keeps) this.#sieve.keep(this.#head, 0, length);
  }

  #isRow(first: number, length: number): boolean {
    return first !== HEADER.ERR && !(first === HEADER.EOF && length < (this.#deprecateEof ? MAX_PAYLOAD : EOF_BELOW));
  }

  /** Finds out whether the packet that begins at `at` is kept, and what stands behind it. True: it is a result's first row. */
  #decide(head: Buffer, at: number): boolean {
    const length = payloadLength(head, at);
    const more = this.#continued;
    this.#continued = length === MAX_PAYLOAD;
    if (more) return false;
    const first = head[at + FRAME_HEADER] ?? 0;
    this.#keeps = this.#place !== PLACE.DONE && length > 0;
    if (length === 0 || first === HEADER.ERR) {
      this.#place = PLACE.DONE;
      return false;
    }
    const payload = at + FRAME_HEADER;
    switch (this.#place) {
      case PLACE.FIRST:
        if (first === HEADER.OK) {
          this.#behindResult(statusOfOk(head, payload));
        } else {
          this.#columnsLeft = lenencAt(head, payload);
          this.#place = this.#columnsLeft > 0 ? PLACE.COLUMNS : PLACE.DONE;
        }
        return false;
      case PLACE.COLUMNS:
        this.#columnsLeft -= 1;
        if (this.#columnsLeft === 0) this.#place = this.#deprecateEof ? PLACE.ROWS : PLACE.COLUMNS_EOF;
        return false;
      case PLACE.COLUMNS_EOF: {
        const status = u16At(head, payload + 3);
        if (this.#cursor && (status & STATUS.CURSOR_EXISTS) !== 0) this.#behindResult(status);
        else this.#place = PLACE.ROWS;
        return false;
      }
      case PLACE.ROWS:
        if (this.#isRow(first, length)) {
          const isFirst = !this.#told;
          this.#keeps = false;
          this.#told = true;
          return isFirst;
        }
        this.#behindResult(this.#deprecateEof ? statusOfOk(head, payload) : u16At(head, payload + 3));
        return false;
      case PLACE.DONE:
        return false;
      default:
        return this.#place satisfies never;
    }
  }

  #behindResult(status: number): void {
    this.#told = false;
    this.#place = (status & STATUS.MORE_RESULTS) !== 0 ? PLACE.FIRST : PLACE.DONE;
  }
}

/** Bytes of a length-encoded number that begins with `first`. */
function lenencSize(first: number): number {
  return first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9;
}

/** The number of columns at `at`; 0 for what is none. */
function lenencAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0xfb) return first;
  return first === 0xfc ? u16At(bytes, at + 1) : 0;
}

function statusOfOk(bytes: Buffer, payload: number): number {
  const insertId = payload + 1 + lenencSize(bytes[payload + 1] ?? 0);
  return u16At(bytes, insertId + lenencSize(bytes[insertId] ?? 0));
}

function u16At(bytes: Buffer, at: number): number {
  return at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0;
}
