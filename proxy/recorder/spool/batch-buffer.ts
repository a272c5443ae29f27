import { FRAME_HEAD_BYTES, type FrameKind, writeFrameHead } from "@/lib/recordings/frame";
import {
  BATCH_HEAD_BYTES,
  MAX_BATCH_BYTES,
  RECORD_HEAD_BYTES,
  RECORD_KINDS,
  type RecordKind,
  sealBatch,
} from "./format";
import { SESSION_ID_BYTES } from "./records";

const USUAL_BYTES = 512 * 1024;

/** One batch while it grows, in a buffer that is used again. */
export class BatchBuffer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(USUAL_BYTES);
  #end = BATCH_HEAD_BYTES;
  #records = 0;

  /** Bytes, the head's included. */
  get length(): number {
    return this.#end;
  }

  get records(): number {
    return this.#records;
  }

  /** Bytes that the batch has at most with a record whose body is that long. */
  lengthWith(bodyBytes: number): number {
    return this.#end + RECORD_HEAD_BYTES + bodyBytes;
  }

  appendText(kind: RecordKind, text: string): void {
    // Three bytes at most for each UTF-16 unit.
    const at = this.#begin(kind, text.length * 3);
    this.#finish(at, this.#bytes.write(text, at, "utf8"));
  }

  /** `bytes[from, to)` behind the frame's head and the session's id. */
  appendFrame(
    sessionId: string,
    kind: FrameKind,
    statementId: string | null,
    atUs: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): void {
    const at = this.#begin("frame", SESSION_ID_BYTES + FRAME_HEAD_BYTES + to - from);
    this.#bytes.write(sessionId, at, SESSION_ID_BYTES, "latin1");
    const behind = writeFrameHead(this.#bytes, at + SESSION_ID_BYTES, kind, statementId, atUs);
    bytes.copy(this.#bytes, behind, from, to);
    this.#finish(at, behind - at + to - from);
  }

  /** The whole batch, and its hash: views that are valid until the next call. May be sealed again after more was appended. */
  seal(firstSequence: number, previous: Buffer): { readonly bytes: Buffer; readonly hash: Buffer } {
    const hash = sealBatch(this.#bytes, this.#end, firstSequence, previous);
    return { bytes: this.#bytes.subarray(0, this.#end), hash };
  }

  clear(): void {
    this.#end = BATCH_HEAD_BYTES;
    this.#records = 0;
    if (this.#bytes.length > 4 * USUAL_BYTES) this.#bytes = Buffer.allocUnsafeSlow(USUAL_BYTES);
  }

  /** Writes the kind and returns the body's offset. */
  #begin(kind: RecordKind, bodyBytes: number): number {
    const needed = this.lengthWith(bodyBytes);
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(MAX_BATCH_BYTES, Math.max(needed, this.#bytes.length * 2)));
      this.#bytes.copy(grown, 0, 0, this.#end);
      this.#bytes = grown;
    }
    this.#bytes[this.#end] = RECORD_KINDS[kind];
    return this.#end + RECORD_HEAD_BYTES;
  }

  #finish(at: number, bodyBytes: number): void {
    this.#bytes.writeUInt32LE(bodyBytes, at - RECORD_HEAD_BYTES + 1);
    this.#end = at + bodyBytes;
    this.#records += 1;
  }
}
