import { randomFillSync } from "node:crypto";
import { monotonicFactory } from "ulid";

const pool = new Uint8Array(2048);
let used = pool.length;

/** Random numbers in [0, 1), drawn from the system 2 KiB at a time: ids are made on the gateway's hot path. */
function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

/** A new ULID (26 characters, Crockford base 32): sortable by creation time, monotonic within a process. */
export const newId: () => string = monotonicFactory(random);
