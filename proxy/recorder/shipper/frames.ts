import { CHUNK_RAW_BYTES } from "@/lib/recordings/chunk";
import { FRAME_HEAD_BYTES } from "@/lib/recordings/frame";
import type { FrameRecord } from "./decode";
import type { ChunkDraft } from "./work";

const LENGTH_BYTES = 4;

export interface FrameOwner {
  readonly sessionId: string;
  readonly connectionName: string;
  readonly startedAt: number;
  /** Number and last record of its last chunk so far; 0 and -1 when it has none. */
  readonly chunks: number;
  readonly lastSequence: number;
}

/** Frames of one session on their way into chunks. */
export class SessionFrames {
  readonly #owner: FrameOwner;
  #chunks: number;
  #lastSequence: number;
  #frames: Buffer[] = [];
  #bytes = 0;
  #since = 0;
  #segment: number | null = null;

  constructor(owner: FrameOwner) {
    this.#owner = owner;
    this.#chunks = owner.chunks;
    this.#lastSequence = owner.lastSequence;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Since when the first of them waits; a clock's milliseconds. */
  get since(): number {
    return this.#since;
  }

  /** The segment of the first of them; null when none waits. */
  get segment(): number | null {
    return this.#segment;
  }

  /** Takes a frame, copying it, and returns the chunks that are full with it. One that is in a chunk already is passed over. */
  add({ frame, sequence, segment }: FrameRecord, now: number): ChunkDraft[] {
    if (sequence <= this.#lastSequence) return [];
    const full: ChunkDraft[] = [];
    if (this.#bytes > 0 && this.#bytes + LENGTH_BYTES + frame.length > CHUNK_RAW_BYTES) full.push(...this.flush());
    const pieces = splitFrame(frame);
    for (const piece of pieces) {
      if (this.#bytes > 0 && this.#bytes + LENGTH_BYTES + piece.length > CHUNK_RAW_BYTES) full.push(...this.flush());
      if (this.#frames.length === 0) {
        this.#since = now;
        this.#segment = segment;
      }
      this.#frames.push(Buffer.from(piece));
      this.#bytes += LENGTH_BYTES + piece.length;
      this.#lastSequence = sequence;
    }
    // The pieces of one frame go together: chunks say up to which record they reach, not up to which piece.
    if (pieces.length > 1) full.push(...this.flush());
    return full;
  }

  /** What waits, as a chunk; none when nothing does. */
  flush(): ChunkDraft[] {
    if (this.#frames.length === 0) return [];
    this.#chunks += 1;
    const { sessionId, connectionName, startedAt } = this.#owner;
    const chunk: ChunkDraft = {
      sessionId,
      connectionName,
      number: this.#chunks,
      sessionStartedAt: startedAt,
      frames: this.#frames,
      lastSequence: this.#lastSequence,
    };
    this.#frames = [];
    this.#bytes = 0;
    this.#segment = null;
    return [chunk];
  }
}

/** A frame that is longer than a chunk, as frames of the same kind, statement and time. */
export function splitFrame(frame: Buffer): readonly Buffer[] {
  const most = CHUNK_RAW_BYTES - LENGTH_BYTES;
  if (frame.length <= most) return [frame];
  const head = frame.subarray(0, FRAME_HEAD_BYTES);
  const pieces: Buffer[] = [];
  for (let at = FRAME_HEAD_BYTES; at < frame.length; at += most - FRAME_HEAD_BYTES) {
    pieces.push(Buffer.concat([head, frame.subarray(at, at + most - FRAME_HEAD_BYTES)]));
  }
  return pieces;
}
