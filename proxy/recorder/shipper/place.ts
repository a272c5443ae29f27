/** A place in a spool: everything before it. */
export interface Place {
  /** Segments count from 1. */
  readonly segment: number;
  readonly offset: number;
}

/** What the writer of a spool and its shipper tell each other. */
export interface SpoolPosition {
  /** Up to where whole batches are written. */
  written(): Place;
  /** Number that the next record gets. */
  nextRecord(): number;
  /** Says which segment is the first that is still needed; the ones before are deleted. */
  needed(segment: number): void;
}

const OFFSET_SPAN = 2n ** 40n;
const WRITTEN = 0;
const NEEDED = 1;
const NEXT_RECORD = 2;
/** Slots of the shared numbers, each a BigInt64. */
export const POSITION_SLOTS = 3;

/** The shipper's side of the numbers that a gateway's main thread shares with it. */
export function sharedPosition(shared: SharedArrayBuffer): SpoolPosition {
  const slots = new BigInt64Array(shared);
  return {
    written() {
      const place = Atomics.load(slots, WRITTEN);
      return { segment: Number(place / OFFSET_SPAN), offset: Number(place % OFFSET_SPAN) };
    },
    nextRecord: () => Number(Atomics.load(slots, NEXT_RECORD)),
    needed: (segment) => {
      Atomics.store(slots, NEEDED, BigInt(segment));
    },
  };
}
