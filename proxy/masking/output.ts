import { MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";

const SMALLEST = 256 * 1024;
/** A slab that grew beyond this for one long row is not kept. */
const LARGEST_KEPT = 4 * 1024 * 1024;
/** Below these lengths a loop is faster than the call that copies: bytes from elsewhere, and words within the slab. */
const SHORT = 40;
const SHORT_WITHIN = 72;
const WORTH_STAGING = 2048;
/** Copies by words write up to this much behind their end. */
const SLACK = 3;

/**
 * What goes to a client in one write. A single run of bytes that pass as they came stays where it is; with anything else it is copied
 * into one slab, which is used again. What it gives is valid until the next `begin` or `gather`, or until the caller's bytes are not its own any more.
 */
export class Output {
  /** The slab. Its front is a copy of what rows are rewritten from: bytes move within one buffer several times as fast as between two. */
  bytes: Buffer = Buffer.allocUnsafeSlow(SMALLEST);
  #words: DataView = wordsOf(this.bytes);
  #base = 0;
  /** End of what is in the slab. */
  length = 0;
  #staged: Buffer | null = null;
  #stagedFrom = 0;
  /** Bytes that follow, and are not copied yet: runs that touch become one. */
  #run: Buffer | null = null;
  #runFrom = 0;
  #runTo = 0;

  /** Forgets what is there. */
  begin(): void {
    this.#base = 0;
    this.length = 0;
    this.#staged = null;
    this.#dropRun();
    if (this.bytes.length > LARGEST_KEPT) {
      this.#use(Buffer.allocUnsafeSlow(SMALLEST));
    }
  }

  /** Begins with what was held back and what has come now, in one piece: the returned bytes are staged already. */
  gather(held: Buffer, bytes: Buffer, length: number): Buffer {
    this.begin();
    this.#room(held.length + length);
    held.copy(this.bytes, 0);
    bytes.copy(this.bytes, held.length, 0, length);
    this.#base = held.length + length;
    this.length = this.#base;
    this.#staged = this.bytes.subarray(0, this.#base);
    this.#stagedFrom = 0;
    return this.#staged;
  }

  /** Where the next byte goes in the slab once everything before it is there. */
  get place(): number {
    return this.length + this.#runTo - this.#runFrom;
  }

  /** Bytes of the caller's that pass as they are. */
  pass(bytes: Buffer, from: number, to: number): void {
    if (this.#runTo !== from || this.#run !== bytes) {
      if (from >= to) {
        return;
      }
      this.flush();
      if (this.#run !== bytes) {
        this.#run = bytes;
      }
      this.#runFrom = from;
    }
    this.#runTo = to;
  }

  /** A masked value. */
  put(value: Buffer): void {
    this.flush();
    this.#copy(value, 0, value.length);
  }

  /** Copies `source[from, to)`, which its owner is about to change, behind what is there. */
  append(source: Buffer, from: number, to: number): void {
    this.flush();
    this.#copy(source, from, to);
  }

  /** Prepares for many runs of `source[from, to)`; not worth it for a few. Once in each use of the output for each source. */
  stage(source: Buffer, from: number, to: number): void {
    if (to - from < WORTH_STAGING || (this.#staged === source && from >= this.#stagedFrom)) {
      return;
    }
    // What is in the slab so far moves behind the staged bytes; it is no more than a few definitions.
    const before = Buffer.from(this.bytes.subarray(this.#base, this.length));
    this.#base = 0;
    this.length = 0;
    this.#copy(source, from, to);
    this.#base = this.length;
    this.#copy(before, 0, before.length);
    this.#staged = source;
    this.#stagedFrom = from;
  }

  /** Brings everything so far into the slab. */
  flush(): void {
    const run = this.#run;
    const from = this.#runFrom;
    const to = this.#runTo;
    if (run === null || from === to) {
      return;
    }
    this.#runFrom = to;
    if (run === this.#staged && from >= this.#stagedFrom) {
      this.#copyWithin(from - this.#stagedFrom, to - this.#stagedFrom);
    } else {
      this.#copy(run, from, to);
    }
  }

  /** Forgets what is there from `place` on. */
  cut(place: number): void {
    if (place > this.length) {
      this.#runTo = this.#runFrom + place - this.length;
    } else {
      this.#dropRun();
      this.length = place;
    }
  }

  /** Whether the byte at `place` is in the slab. */
  holds(place: number): boolean {
    return place < this.length;
  }

  /** Writes the header of the packet that begins at `place` and ends here, as several where it is too long for one. Returns how many. */
  close(place: number, sequence: number): number {
    if (!this.holds(place)) {
      this.flush();
    }
    let start = place;
    let count = 0;
    for (;;) {
      const left = this.place - start - FRAME_HEADER;
      const size = Math.min(left, MAX_PAYLOAD);
      writeHeader(this.bytes, start, size, sequence + count);
      count += 1;
      if (size < MAX_PAYLOAD) {
        return count;
      }
      start += FRAME_HEADER + size;
      this.flush();
      this.#room(FRAME_HEADER);
      this.bytes.copyWithin(start + FRAME_HEADER, start, this.length);
      this.length += FRAME_HEADER;
    }
  }

  /** All of it. */
  view(): Buffer {
    if (this.#run !== null && this.#runFrom < this.#runTo && this.length === this.#base) {
      return this.#run.subarray(this.#runFrom, this.#runTo);
    }
    this.flush();
    return this.bytes.subarray(this.#base, this.length);
  }

  #dropRun(): void {
    this.#run = null;
    this.#runFrom = 0;
    this.#runTo = 0;
  }

  #copy(source: Buffer, from: number, to: number): void {
    this.#room(to - from);
    const { bytes } = this;
    let at = this.length;
    this.length = at + to - from;
    if (to - from >= SHORT) {
      source.copy(bytes, at, from, to);
      return;
    }
    for (let p = from; p < to; p += 1) {
      bytes[at] = source[p] ?? 0;
      at += 1;
    }
  }

  /** Copies bytes of the slab's front. */
  #copyWithin(from: number, to: number): void {
    this.#room(to - from);
    let at = this.length;
    this.length = at + to - from;
    if (to - from >= SHORT_WITHIN) {
      this.bytes.copyWithin(at, from, to);
      return;
    }
    const words = this.#words;
    for (let p = from; p < to; p += 4) {
      words.setInt32(at, words.getInt32(p));
      at += 4;
    }
  }

  #room(count: number): void {
    const wanted = this.length + count + SLACK;
    if (wanted > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(wanted * 2, SMALLEST));
      this.bytes.copy(grown, 0, 0, this.length);
      this.#use(grown);
    }
  }

  #use(bytes: Buffer): void {
    this.bytes = bytes;
    this.#words = wordsOf(bytes);
  }
}

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Writes a packet's header. */
export function writeHeader(bytes: Buffer, at: number, length: number, sequence: number): void {
  bytes[at] = length & 0xff;
  bytes[at + 1] = (length >>> 8) & 0xff;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = sequence & 0xff;
}
