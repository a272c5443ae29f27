import { MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";

const SMALLEST = 256 * 1024;
/** A slab that grew beyond this for one long row is not kept. */
const LARGEST_KEPT = 4 * 1024 * 1024;
/** Below these lengths a loop over bytes is faster than the call that copies them: from elsewhere, and within the slab. */
const SHORT = 40;
const SHORT_WITHIN = 12;

/**
 * What goes to a client in one write. A single run of bytes that pass as they came stays where it is; anything else is copied into one
 * slab, which is used again. What it gives is valid until the next `begin`, or until the caller's bytes are not its own any more.
 */
export class Output {
  /** The slab. Its front is a copy of what rows are rewritten from: bytes move within one buffer several times as fast as between two. */
  bytes: Buffer = Buffer.allocUnsafeSlow(SMALLEST);
  #base = 0;
  /** End of what goes out. */
  length = 0;
  #staged: Buffer | null = null;
  #stagedFrom = 0;
  #run: Buffer | null = null;
  #runFrom = 0;
  #runTo = 0;

  /** Forgets what is there. */
  begin(): void {
    this.#base = 0;
    this.length = 0;
    this.#staged = null;
    this.#run = null;
    if (this.bytes.length > LARGEST_KEPT) {
      this.bytes = Buffer.allocUnsafeSlow(SMALLEST);
    }
  }

  /** Bytes of the caller's that pass as they are. */
  pass(bytes: Buffer, from: number, to: number): void {
    if (from === to) {
      return;
    }
    if (this.#run === bytes && this.#runTo === from) {
      this.#runTo = to;
    } else if (this.#run === null && this.length === this.#base) {
      this.#run = bytes;
      this.#runFrom = from;
      this.#runTo = to;
    } else {
      this.append(bytes, from, to);
    }
  }

  /** Copies `source[from, to)` behind what is there. */
  append(source: Buffer, from: number, to: number): void {
    this.reserve(to - from);
    this.copy(source, from, to);
  }

  /** Makes sure that the slab holds `count` more bytes, and everything that came before. Returns where they go. */
  reserve(count: number): number {
    if (this.#run !== null) {
      const run = this.#run;
      this.#run = null;
      this.append(run, this.#runFrom, this.#runTo);
    }
    if (this.length + count > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max((this.length + count) * 2, SMALLEST));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    return this.length;
  }

  /** As `append`, into room that was reserved. */
  copy(source: Buffer, from: number, to: number): void {
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

  /** Prepares for many runs of `source[from, to)` to be copied by `copyStaged`. Once in each use of the output for each source. */
  stage(source: Buffer, from: number, to: number): void {
    if (this.#staged === source && from >= this.#stagedFrom) {
      return;
    }
    this.reserve(to - from);
    // What goes out so far moves behind the staged bytes; it is no more than a few definitions.
    const before = Buffer.from(this.bytes.subarray(this.#base, this.length));
    this.#base = 0;
    this.length = 0;
    this.append(source, from, to);
    this.#base = this.length;
    this.append(before, 0, before.length);
    this.#staged = source;
    this.#stagedFrom = from;
  }

  /** As `copy`, of the source that is staged. */
  copyStaged(source: Buffer, from: number, to: number): void {
    const { bytes } = this;
    let at = this.length;
    this.length = at + to - from;
    if (to - from >= SHORT_WITHIN) {
      bytes.copyWithin(at, from - this.#stagedFrom, to - this.#stagedFrom);
      return;
    }
    for (let p = from; p < to; p += 1) {
      bytes[at] = source[p] ?? 0;
      at += 1;
    }
  }

  /** Begins a packet whose length is not known yet; returns its place for `close`. */
  open(): number {
    const at = this.reserve(FRAME_HEADER);
    this.length = at + FRAME_HEADER;
    return at;
  }

  /** Ends the packet that begins at `at`, as several where it is too long for one. Returns how many they are. */
  close(at: number, sequence: number): number {
    let start = at;
    let count = 0;
    for (;;) {
      const left = this.length - start - FRAME_HEADER;
      const size = Math.min(left, MAX_PAYLOAD);
      writeHeader(this.bytes, start, size, sequence + count);
      count += 1;
      if (size < MAX_PAYLOAD) {
        return count;
      }
      start += FRAME_HEADER + size;
      this.reserve(FRAME_HEADER);
      this.bytes.copyWithin(start + FRAME_HEADER, start, this.length);
      this.length += FRAME_HEADER;
    }
  }

  /** All of it. */
  view(): Buffer {
    return this.#run === null
      ? this.bytes.subarray(this.#base, this.length)
      : this.#run.subarray(this.#runFrom, this.#runTo);
  }
}

/** Writes a packet's header. */
export function writeHeader(bytes: Buffer, at: number, length: number, sequence: number): void {
  bytes[at] = length & 0xff;
  bytes[at + 1] = (length >>> 8) & 0xff;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = sequence & 0xff;
}
