import { BATCH_HEAD_BYTES } from "./format";
import { type SegmentFiles, segmentPath } from "./segment-files";

const BLANK_HEAD = Buffer.alloc(BATCH_HEAD_BYTES);
const PREPARE_AGAIN_MS = 500;

/** No further segment: those that the shipper still needs are as large together as they may be. */
export class SpoolFull extends Error {
  constructor(maxBytes: number) {
    super(`the spool holds its ${maxBytes} bytes and the store takes none of them`);
    this.name = "SpoolFull";
  }
}

export interface SegmentsOptions {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly maxBytes: number;
  readonly files: SegmentFiles;
  /** Lowest segment that the shipper needs. */
  readonly needed: () => number;
  /** The next segment could not be made ahead; it is tried again. */
  readonly onUnprepared: (error: unknown) => void;
}

interface Segment {
  readonly number: number;
  readonly fd: number;
  /** What it was prepared for; a longer batch makes it grow. */
  readonly bytes: number;
  /** Whether the disk has given it that room already. */
  readonly filled: boolean;
}

/** The segment that batches go into, the one that is ready behind it, and the room they take together. */
export class Segments {
  readonly #options: SegmentsOptions;
  #current: Segment;
  #offset = 0;
  #next: Segment | null = null;
  #preparing: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;
  #closed = false;
  /** A write into the current segment failed, so there may be part of a batch at the offset. */
  #torn = false;
  /** Segments that are full and not shipped, lowest first. */
  readonly #full: { readonly number: number; readonly bytes: number }[] = [];
  /** File descriptors of full segments that may not be on the disk yet. */
  readonly #unsynced: number[] = [];
  /** Names of segments may not be on the disk yet. */
  #newNames = true;

  /** Makes the first segment. Throws the system's error. */
  constructor(options: SegmentsOptions) {
    this.#options = options;
    this.#current = this.#create(1);
    this.#prepareNext();
  }

  get number(): number {
    return this.#current.number;
  }

  /** Where the next batch begins, as far as this segment has room for it. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are written and not shipped, as far as whole segments tell. */
  get used(): number {
    this.#forgetShipped();
    let bytes = this.#offset;
    for (const one of this.#full) bytes += one.bytes;
    return bytes;
  }

  /** Bytes that can be written whatever becomes of the disk's free space. */
  get room(): number {
    const here = this.#current.filled ? Math.max(0, this.#current.bytes - this.#offset) : 0;
    return here + (this.#next?.bytes ?? 0);
  }

  /** Resolves when the next segment is ready, or could not be made for now. */
  async prepared(): Promise<void> {
    await this.#preparing;
  }

  /** Writes one batch. Throws SpoolFull or the system's error; then no reader finds any of it, and it may be written again, longer or not. */
  write(batch: Buffer): void {
    if (this.#offset > 0 && this.#offset + batch.length > this.#current.bytes) this.rotate();
    const { files } = this.#options;
    this.#torn = true;
    files.write(this.#current.fd, batch, this.#offset);
    this.#torn = false;
    this.#offset += batch.length;
  }

  /** Goes on in the next segment, made now when it is not ready. Throws SpoolFull or the system's error. */
  rotate(): void {
    const { files } = this.#options;
    // A whole batch that was reported as failed would be found before the one that takes its place.
    if (this.#torn) files.write(this.#current.fd, BLANK_HEAD, this.#offset);
    this.#torn = false;
    const next = this.#next ?? this.#create(this.#current.number + 1);
    this.#full.push({ number: this.#current.number, bytes: Math.max(this.#current.bytes, this.#offset) });
    this.#unsynced.push(this.#current.fd);
    this.#current = next;
    this.#next = null;
    this.#offset = 0;
    this.#prepareNext();
  }

  /** Brings all that was written before the call to the disk. Rejects with the system's error. */
  async sync(): Promise<void> {
    const { files, directory } = this.#options;
    const full = this.#unsynced.splice(0);
    try {
      if (this.#newNames) {
        this.#newNames = false;
        await files.syncNames(directory);
      }
      for (const fd of [...full, this.#current.fd]) await files.sync(fd);
    } finally {
      for (const fd of full) files.close(fd);
    }
  }

  /** Closes full segments without waiting for the disk. */
  closeFull(): void {
    for (const fd of this.#unsynced.splice(0)) this.#options.files.close(fd);
  }

  /** Removes what was prepared and not used. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#again !== null) clearTimeout(this.#again);
    await this.#preparing;
    const { files, directory } = this.#options;
    this.closeFull();
    files.close(this.#current.fd);
    if (this.#next !== null) {
      files.close(this.#next.fd);
      await files.remove(segmentPath(directory, this.#next.number));
      this.#next = null;
    }
  }

  #create(number: number): Segment {
    const { directory, segmentBytes, files, maxBytes } = this.#options;
    if (number > 1 && !this.#mayGrow()) throw new SpoolFull(maxBytes);
    // Not filled: on a full disk there may be room for one more batch, and none for a segment.
    const fd = files.create(segmentPath(directory, number));
    this.#newNames = true;
    return { number, fd, bytes: segmentBytes, filled: false };
  }

  #mayGrow(): boolean {
    const { maxBytes, segmentBytes } = this.#options;
    return this.used - this.#offset + Math.max(this.#current.bytes, this.#offset) + segmentBytes <= maxBytes;
  }

  #prepareNext(): void {
    if (this.#preparing !== null || this.#next !== null || this.#closed) return;
    this.#preparing = this.#prepare().finally(() => {
      this.#preparing = null;
      if (this.#next === null && !this.#closed) {
        this.#again = setTimeout(() => this.#prepareNext(), PREPARE_AGAIN_MS);
        this.#again.unref();
      }
    });
  }

  async #prepare(): Promise<void> {
    if (!this.#mayGrow()) return;
    const { directory, segmentBytes, files, onUnprepared } = this.#options;
    const number = this.#current.number + 1;
    const path = segmentPath(directory, number);
    // Under another name until it is whole: a segment of that number may have to be made meanwhile.
    const made = `${path}.new`;
    try {
      const fd = await files.prepare(made, segmentBytes);
      if (this.#current.number + 1 === number) {
        files.rename(made, path);
        this.#newNames = true;
        this.#next = { number, fd, bytes: segmentBytes, filled: true };
      } else {
        files.close(fd);
        await files.remove(made);
      }
    } catch (error) {
      onUnprepared(error);
    }
  }

  #forgetShipped(): void {
    const needed = this.#options.needed();
    while ((this.#full[0]?.number ?? needed) < needed) this.#full.shift();
  }
}
