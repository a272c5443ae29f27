import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { batchAt } from "./batch-at";
import { BATCH_HEAD_BYTES, type Batch, MAX_BATCH_BYTES, readBatch, readRecords, type SpooledRecord } from "./format";
import type { SpoolPlace } from "./position";
import { listSegments, segmentPath } from "./segment-files";
import { type KnownStart, readStart } from "./trim";

/** One read brings this much of a segment at least, if it is there. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Bytes of a segment, from the first that are no batch to where reading went on. */
export interface Damage {
  readonly segment: number;
  readonly from: number;
  readonly to: number;
}

export interface ReadBatch {
  readonly segment: number;
  /** Number of its first record. */
  readonly firstSequence: number;
  readonly records: readonly SpooledRecord[];
  /** Of its payload. */
  readonly bytes: number;
}

interface OpenSegment {
  readonly file: number;
  readonly segment: number;
}

/** Reads a spool's batches in order, from its oldest segment on. Of a spool whose writer lives, it is told how far it may read. */
export class SpoolReader {
  readonly #directory: string;
  #segment: number;
  #offset = 0;
  /** Null behind damage: what the next batch follows is lost. */
  #previous: Buffer | null;
  #sequence = 0;
  #open: OpenSegment | null = null;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;
  #tornBytes = 0;
  #lostRecords = 0;
  /** Bytes at a segment's end that are no batch: damage, unless the next segment follows what was read before them. */
  #doubted: Damage | null = null;
  readonly #starts = new Map<number, Buffer>();
  readonly damages: Damage[] = [];

  constructor(directory: string, gatewayId: string) {
    this.#directory = directory;
    const start = readStart(directory, gatewayId);
    this.#segment = start.segment;
    this.#previous = start.previous;
    if (start.previous !== null) this.#starts.set(start.segment, start.previous);
  }

  /** Behind the last batch that was read. */
  get place(): SpoolPlace {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** Number that the next record has, as far as has been read. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Bytes of a batch that was not written whole, at the end of a spool whose writer is dead. */
  get tornBytes(): number {
    return this.#tornBytes;
  }

  /** Records that were in damaged bytes, as the numbers of those behind tell. */
  get lostRecords(): number {
    return this.#lostRecords;
  }

  /** Where reading would have to begin to read this segment again; null when that is not known. Forgets the segments before. */
  startOf(segment: number): KnownStart | null {
    for (const known of this.#starts.keys()) {
      if (known < segment) this.#starts.delete(known);
    }
    const previous = this.#starts.get(segment);
    return previous === undefined ? null : { segment, previous };
  }

  /** The next batch before `limit`; `limit` null: the writer is dead, everything there is. Null when there is none (yet). */
  next(limit: SpoolPlace | null): ReadBatch | null {
    for (;;) {
      const file = this.#file();
      const last = limit === null ? !this.#hasLater() : limit.segment <= this.#segment;
      const size = file === null ? 0 : fstatSync(file).size;
      const end = last && limit !== null ? Math.min(limit.offset, size) : size;
      const found = file === null ? "end" : this.#batch(file, end);
      // A living writer says how far batches are written: zeros before that are none.
      const batch = found === "end" && last && limit !== null && this.#offset < end ? "damaged" : found;
      if (typeof batch === "object") return batch;
      if (batch === "damaged") {
        if (this.#doubted !== null) this.#confirm(this.#doubted);
        else if (!this.#skipDamage(file, end, last, limit !== null)) return null;
        continue;
      }
      if (last) return null;
      this.#nextSegment();
    }
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.file);
    this.#open = null;
  }

  #file(): number | null {
    if (this.#open?.segment === this.#segment) return this.#open.file;
    this.close();
    this.#window = Buffer.alloc(0);
    this.#windowAt = 0;
    try {
      this.#open = { segment: this.#segment, file: openSync(segmentPath(this.#directory, this.#segment), "r") };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      // Missing in the middle, or not made yet.
      return null;
    }
    return this.#open.file;
  }

  #hasLater(): boolean {
    return this.#later() !== undefined;
  }

  /** The next segment with something in it: one may have been made ahead. */
  #later(): number | undefined {
    return listSegments(this.#directory).find((segment) => segment > this.#segment && this.#isUsed(segment));
  }

  #isUsed(segment: number): boolean {
    const file = openSync(segmentPath(this.#directory, segment), "r");
    try {
      const head = Buffer.alloc(BATCH_HEAD_BYTES);
      readSync(file, head, 0, head.length, 0);
      return head.some((byte) => byte !== 0);
    } finally {
      closeSync(file);
    }
  }

  #nextSegment(): void {
    const next = this.#later() ?? this.#segment + 1;
    if (next !== this.#segment + 1) {
      this.damages.push({ segment: this.#segment + 1, from: 0, to: 0 });
      this.#previous = null;
    }
    this.#segment = next;
    this.#offset = 0;
    if (this.#previous !== null) this.#starts.set(next, this.#previous);
  }

  /** Makes the window hold `length` bytes from the offset on, as far as there are that many before `end`. */
  #load(file: number, end: number, length: number): void {
    const wanted = Math.min(this.#offset + length, end);
    if (this.#offset >= this.#windowAt && wanted <= this.#windowAt + this.#window.length) return;
    const size = Math.max(0, Math.min(Math.max(length, WINDOW_BYTES), end - this.#offset));
    // New memory each time: the records of earlier batches are views on the old one.
    const window = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const got = readSync(file, window, filled, size - filled, this.#offset + filled);
      if (got === 0) break;
      filled += got;
    }
    this.#window = window.subarray(0, filled);
    this.#windowAt = this.#offset;
  }

  #batch(file: number, end: number): ReadBatch | "end" | "damaged" {
    if (this.#offset >= end) return "end";
    this.#load(file, end, BATCH_HEAD_BYTES);
    let at = this.#offset - this.#windowAt;
    const visible = () => this.#window.subarray(0, Math.min(this.#window.length, end - this.#windowAt));
    const length = visible().length - at < BATCH_HEAD_BYTES ? 0 : this.#window.readUInt32LE(at);
    if (length > 0 && length <= MAX_BATCH_BYTES) {
      this.#load(file, end, BATCH_HEAD_BYTES + length);
      at = this.#offset - this.#windowAt;
    }
    if (this.#previous === null) {
      if (length === 0 && this.#isZeroUntil(file, end)) return "end";
      const found = batchAt(visible(), at, this.#sequence);
      return found === null ? "damaged" : this.#take(found);
    }
    const batch = readBatch(visible(), at, this.#previous);
    if (batch === "end") return this.#isZeroUntil(file, end) ? "end" : "damaged";
    return batch === "torn" ? "damaged" : this.#take(batch);
  }

  #take(batch: Batch): ReadBatch | "damaged" {
    const records = readRecords(batch.payload);
    if (records === null) return "damaged";
    this.#doubted = null;
    if (this.#previous === null) this.#lostRecords += Math.max(0, batch.firstSequence - this.#sequence);
    this.#offset = this.#windowAt + batch.end;
    this.#previous = batch.hash;
    this.#sequence = batch.firstSequence + records.length;
    return { segment: this.#segment, firstSequence: batch.firstSequence, records, bytes: batch.payload.length };
  }

  #isZeroUntil(file: number, end: number): boolean {
    return this.#rest(file, end).every((byte) => byte === 0);
  }

  #rest(file: number, end: number): Buffer {
    this.#load(file, end, Math.max(0, end - this.#offset));
    return this.#window.subarray(this.#offset - this.#windowAt);
  }

  /**
   * Goes on where a batch is known to begin, in the next segment or where a living writer is. Nothing within damaged bytes is believed:
   * what a client sent may look like a batch there. False when there is nothing to go on with: the torn end of a dead writer's spool.
   */
  #skipDamage(file: number | null, end: number, last: boolean, writerLives: boolean): boolean {
    const rest = file === null ? Buffer.alloc(0) : this.#rest(file, end);
    if (last && !writerLives && !isFollowed(rest, this.#sequence)) {
      this.#tornBytes = withoutZeros(rest);
      return false;
    }
    const damage = { segment: this.#segment, from: this.#offset, to: end };
    this.#offset = end;
    if (last) this.#confirm(damage);
    else this.#doubted = damage;
    return true;
  }

  #confirm(damage: Damage): void {
    this.#doubted = null;
    this.damages.push(damage);
    this.#previous = null;
  }
}

/** Whether the bytes are more than one torn write leaves: something is behind a batch of that length, or something before it is missing. */
function isFollowed(rest: Buffer, sequence: number): boolean {
  const length = rest.length < BATCH_HEAD_BYTES ? 0 : rest.readUInt32LE(0);
  const end = BATCH_HEAD_BYTES + length;
  const isBehind = length > 0 && length <= MAX_BATCH_BYTES && withoutZeros(rest) > end;
  return isBehind || batchAt(rest, 0, sequence + 1) !== null;
}

function withoutZeros(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}
