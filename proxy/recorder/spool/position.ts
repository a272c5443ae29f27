/** Bits of a place that tell the offset in the segment. */
const OFFSET_BITS = 40n;
const OFFSET_MASK = (1n << OFFSET_BITS) - 1n;
const WRITTEN = 0;
const NEEDED = 1;
const NEXT_RECORD = 2;
const SLOTS = 3;

/** A place in a spool: everything before it. */
export interface SpoolPlace {
  /** Segments count from 1. */
  readonly segment: number;
  readonly offset: number;
}

/** How far a spool is written and how far it is needed, between the thread that writes and the one that ships. */
export class SharedPosition {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: BigInt64Array;

  /** Without a buffer: the writer's, at the start of the first segment. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT);
    this.#slots = new BigInt64Array(this.buffer);
    if (buffer === undefined) {
      this.needed = 1;
      this.advance(1, 0, 0);
    }
  }

  /** Up to where whole batches are written. */
  get written(): SpoolPlace {
    const place = Atomics.load(this.#slots, WRITTEN);
    return { segment: Number(place >> OFFSET_BITS), offset: Number(place & OFFSET_MASK) };
  }

  /** Number of the next record, counted from 0. */
  get nextRecord(): number {
    return Number(Atomics.load(this.#slots, NEXT_RECORD));
  }

  /** Lowest segment that has not been shipped in full. */
  get needed(): number {
    return Number(Atomics.load(this.#slots, NEEDED));
  }

  /** For the shipper, once the segments before are deleted. */
  set needed(segment: number) {
    Atomics.store(this.#slots, NEEDED, BigInt(segment));
  }

  /** For the writer, behind each batch. */
  advance(segment: number, offset: number, nextRecord: number): void {
    Atomics.store(this.#slots, NEXT_RECORD, BigInt(nextRecord));
    Atomics.store(this.#slots, WRITTEN, (BigInt(segment) << OFFSET_BITS) | BigInt(offset));
  }
}
