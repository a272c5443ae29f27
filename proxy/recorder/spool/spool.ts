import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FrameKind } from "@/lib/recordings/frame";
import { EARLY_BYTES, type Journal, Turn } from "../../socket/turn";
import { BatchBuffer } from "./batch-buffer";
import { MAX_BATCH_BYTES, type RecordKind, spoolGenesis } from "./format";
import { OWNER_BEAT_MS, touchOwner, writeOwner } from "./owner";
import { SharedPosition } from "./position";
import { type SegmentFiles, segmentFiles } from "./segment-files";
import { Segments } from "./segments";
import { writeStart } from "./trim";

/** When what is written is brought to the disk: when the system does, every second, or before anything acts on it. */
export const SPOOL_FSYNC = ["os", "interval", "always"] as const;
export type SpoolFsync = (typeof SPOOL_FSYNC)[number];

const INTERVAL_MS = 1000;
const AGAIN_MS = 250;
/** Most that is kept in memory of what cannot be written. */
const MAX_UNWRITTEN_BYTES = MAX_BATCH_BYTES / 2;
/** More than the heads of a frame's record. */
const FRAME_OVERHEAD = 128;
const MAX_RESERVE_BYTES = 32 * 1024 * 1024;

export interface SpoolOptions {
  /** SPOOL_DIR. */
  readonly folder: string;
  readonly gatewayId: string;
  readonly segmentBytes: number;
  /** Of all segments that are not shipped. */
  readonly maxBytes: number;
  readonly fsync: SpoolFsync;
  /** Told once when writing begins to fail, and once, with null, when it works again. */
  readonly onFailing: (error: unknown) => void;
  readonly files?: SegmentFiles;
}

/**
 * The write-ahead file of one gateway. Records gather in a batch; its turn writes them in one go before the wires act on them. When
 * nothing can be written it fails closed: what was held is lost with its wires, no statement is taken, and the records are kept and
 * tried again, so that the record tells at least what happened.
 */
export class Spool implements Journal {
  readonly directory: string;
  readonly position = new SharedPosition();
  readonly turn: Turn;
  readonly sync: (() => Promise<boolean>) | null;
  readonly #options: SpoolOptions;
  readonly #segments: Segments;
  readonly #batch = new BatchBuffer();
  /** Hash of the batch before. */
  readonly #hash: Buffer;
  readonly #reserve: number;
  #nextRecord = 0;
  #failing = false;
  /** What was written may not be there: the disk said so when it was asked to keep it. */
  #suspect = false;
  #syncing: Promise<boolean> | null = null;
  #unsynced = false;
  #interval: NodeJS.Timeout | null = null;
  readonly #beat: NodeJS.Timeout;
  #again: NodeJS.Timeout | null = null;
  #closed = false;
  /** Batches written since the start. */
  batches = 0;

  /** Makes the directory, its owner's file and the first segment. Throws the system's error. */
  constructor(options: SpoolOptions) {
    const { folder, gatewayId, segmentBytes, maxBytes, fsync, files = segmentFiles } = options;
    this.#options = options;
    this.directory = join(folder, gatewayId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    mkdirSync(this.directory, { mode: 0o700 });
    writeOwner(this.directory);
    writeStart(this.directory, gatewayId);
    this.#hash = spoolGenesis(gatewayId);
    this.#reserve = Math.min(maxBytes / 8, MAX_RESERVE_BYTES);
    this.#segments = new Segments({
      directory: this.directory,
      segmentBytes,
      maxBytes,
      files,
      needed: () => this.position.needed,
      onUnprepared: () => undefined,
    });
    this.sync = fsync === "always" ? () => this.#sync() : null;
    this.turn = new Turn(this);
    // A beat that is missed says nothing yet.
    this.#beat = setInterval(() => touchOwner(this.directory).catch(() => undefined), OWNER_BEAT_MS);
    this.#beat.unref();
    if (fsync === "interval") {
      this.#interval = setInterval(() => void this.#sync(), INTERVAL_MS);
      this.#interval.unref();
    }
  }

  /** Resolves when there is room for the first statement, or the disk has none. */
  prepared(): Promise<void> {
    return this.#segments.prepared();
  }

  /** Whether there is room for another statement and all that follows from it. */
  accepts(): boolean {
    return this.#hasRoom(1);
  }

  /** Whether there is room for what nothing depends on: less than for statements, more than for what must be written. */
  get spares(): boolean {
    return this.#hasRoom(2);
  }

  /** Whether the last write failed. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Bytes that are not shipped, as far as whole segments tell, those in memory included. */
  get bytes(): number {
    return this.#segments.used + (this.#batch.records === 0 ? 0 : this.#batch.length);
  }

  /** Returns false when the record is lost: nothing can be written and no more is kept in memory. */
  appendText(kind: RecordKind, text: string): boolean {
    if (!this.#make(text.length * 3)) return false;
    this.#batch.appendText(kind, text);
    this.#appended();
    return true;
  }

  /** As `appendText`. `bytes[from, to)` are copied. */
  appendFrame(
    sessionId: string,
    kind: FrameKind,
    statementId: string | null,
    atUs: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): boolean {
    if (!this.#make(to - from)) return false;
    this.#batch.appendFrame(sessionId, kind, statementId, atUs, bytes, from, to);
    this.#appended();
    return true;
  }

  write(): boolean {
    const batch = this.#batch;
    if (this.#suspect) return false;
    if (batch.records === 0) return !this.#failing;
    try {
      const { bytes, hash } = batch.seal(this.#nextRecord, this.#hash);
      this.#segments.write(bytes);
      hash.copy(this.#hash);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    this.#nextRecord += batch.records;
    this.batches += 1;
    this.#unsynced = true;
    batch.clear();
    if (this.#options.fsync === "os") this.#segments.closeFull();
    this.position.advance(this.#segments.number, this.#segments.offset, this.#nextRecord);
    this.#recovered();
    return true;
  }

  /** Writes what is left and brings it to the disk. Resolves to whether all of it is there; nothing may be appended afterwards. */
  async close(): Promise<boolean> {
    this.turn.flush();
    if (this.#batch.records > 0) this.write();
    this.#closed = true;
    clearInterval(this.#beat);
    if (this.#interval !== null) clearInterval(this.#interval);
    if (this.#again !== null) clearTimeout(this.#again);
    const safe = await this.#sync();
    await this.#segments.close();
    return safe && this.#batch.records === 0;
  }

  /** `share`: how many parts of the reserve a statement would leave untouched, of one for itself. */
  #hasRoom(share: number): boolean {
    if (this.#failing) return false;
    const { maxBytes, segmentBytes } = this.#options;
    return this.#segments.room >= segmentBytes / (4 * share) && this.#segments.used + this.#reserve / share <= maxBytes;
  }

  /** Makes room in the batch for another record. */
  #make(bodyBytes: number): boolean {
    const length = this.#batch.lengthWith(bodyBytes + FRAME_OVERHEAD);
    if (this.#failing && length > MAX_UNWRITTEN_BYTES) {
      this.turn.begin();
      return false;
    }
    if (length > MAX_BATCH_BYTES) this.turn.flush();
    return true;
  }

  #appended(): void {
    this.turn.begin();
    if (this.#batch.length >= EARLY_BYTES && !this.#failing) this.turn.flush();
  }

  #fail(error: unknown): void {
    if (!this.#failing) {
      this.#failing = true;
      this.#options.onFailing(error);
    }
    if (this.#again === null && !this.#closed) {
      this.#again = setTimeout(() => {
        this.#again = null;
        void this.#tryAgain();
      }, AGAIN_MS);
    }
  }

  async #tryAgain(): Promise<void> {
    if (this.#suspect) {
      try {
        this.#segments.rotate();
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#suspect = false;
      if (!(await this.#sync())) return;
    }
    if (this.#batch.records === 0) this.#recovered();
    else this.write();
  }

  #recovered(): void {
    if (this.#failing && !this.#suspect) {
      this.#failing = false;
      this.#options.onFailing(null);
    }
  }

  /** One at a time: a call while one runs begins its own behind it. */
  #sync(): Promise<boolean> {
    const running = this.#syncing ?? Promise.resolve(true);
    const next = running.then(() => this.#syncOnce());
    this.#syncing = next;
    return next;
  }

  async #syncOnce(): Promise<boolean> {
    if (this.#suspect) return false;
    if (!this.#unsynced) return true;
    this.#unsynced = false;
    try {
      await this.#segments.sync();
      return true;
    } catch (error) {
      // What the system had in memory may be gone, and it will not say so again.
      this.#suspect = true;
      this.#unsynced = true;
      this.#fail(error);
      return false;
    }
  }
}
