import { AnswerOutcome } from "./answer-outcome";
import { ROWS_BELOW, STOP, type Stop } from "./answer-phase";
import { MAX_PAYLOAD } from "./constants";
import { FRAME_HEADER, payloadLength } from "./frame";

/** Where an answer's walk stands in its packets, and how it passes over rows or stops at them. */
export class AnswerPackets extends AnswerOutcome {
  /** Of the packet that the walk is in. */
  protected bodyLeft = 0;
  /** Another packet of the same payload follows. */
  protected continued = false;
  protected longRow = false;

  /** Stops at each row; the caller counts the bytes that it sends in its place. */
  rewrites = false;

  /** Limits of this answer, and whether it is only read to its end, with nothing of it sent on. */
  maxRows: number = Number.POSITIVE_INFINITY;
  maxBytes: number = Number.POSITIVE_INFINITY;
  discard = false;

  /** What was seen so far. */
  rows = 0;
  bytes = 0;
  /** Sequence id that the next packet of this answer has. */
  nextSequence = 1;

  /** After a stop. */
  stop: Stop = STOP.MORE;
  resumeAt = 0;
  /** Of a field, a row or its part: where its payload begins; it ends at `resumeAt`. */
  payloadAt = 0;
  /** The part is the row's last. */
  rowEnds = false;

  /** `sequence`: of the answer's first packet. */
  protected startPackets(sequence: number): void {
    this.bodyLeft = 0;
    this.continued = false;
    this.longRow = false;
    this.rewrites = false;
    this.maxRows = Number.POSITIVE_INFINITY;
    this.maxBytes = Number.POSITIVE_INFINITY;
    this.discard = false;
    this.rows = 0;
    this.bytes = 0;
    this.nextSequence = sequence;
    this.stop = STOP.MORE;
  }

  /** Passes over the plain rows that are here as a whole; most of what is ever walked. Returns where something else begins. */
  protected wholeRows(bytes: Buffer, at: number, end: number): number {
    const maxRows = this.discard ? Number.POSITIVE_INFINITY : this.maxRows;
    const maxBytes = this.discard ? Number.POSITIVE_INFINITY : this.maxBytes;
    let { rows, bytes: size } = this;
    let last = -1;
    let p = at;
    while (end - p > FRAME_HEADER && rows < maxRows) {
      const length = payloadLength(bytes, p);
      const next = p + FRAME_HEADER + length;
      if (next > end || size + length > maxBytes || !isPlainRow(length, bytes[p + FRAME_HEADER] ?? 0)) {
        break;
      }
      rows += 1;
      size += FRAME_HEADER + length;
      last = p;
      p = next;
    }
    if (last >= 0) {
      this.rows = rows;
      this.bytes = size;
      this.nextSequence = ((bytes[last + 3] ?? 0) + 1) & 0xff;
    }
    return p;
  }

  /** After a row was dealt with: goes on to the next, as if a walk from `resumeAt` had stopped there, when it is here and nothing else. */
  nextRow(bytes: Buffer, end: number): boolean {
    const at = this.resumeAt;
    if (end - at <= FRAME_HEADER || this.rows >= this.maxRows) {
      return false;
    }
    const length = payloadLength(bytes, at);
    const next = at + FRAME_HEADER + length;
    if (next > end || !isPlainRow(length, bytes[at + FRAME_HEADER] ?? 0)) {
      return false;
    }
    this.rows += 1;
    this.nextSequence = ((bytes[at + 3] ?? 0) + 1) & 0xff;
    this.payloadAt = at + FRAME_HEADER;
    this.resumeAt = next;
    return true;
  }

  protected row(bytes: Buffer, at: number, end: number, length: number): number {
    if (length !== MAX_PAYLOAD) {
      const stopped = this.whole(bytes, at, end, length, STOP.ROW);
      this.rows += Number(this.stop === STOP.ROW);
      return stopped;
    }
    this.rows += 1;
    this.longRow = true;
    this.skip(length, bytes[at + 3] ?? 0);
    return this.part(at, at + FRAME_HEADER, end);
  }

  /** Stops at a packet once all of it is here. */
  protected whole(bytes: Buffer, at: number, end: number, length: number, stop: Stop): number {
    const next = at + FRAME_HEADER + length;
    if (next <= end) {
      this.nextSequence = ((bytes[at + 3] ?? 0) + 1) & 0xff;
      this.payloadAt = at + FRAME_HEADER;
      this.resumeAt = next;
      this.stop = stop;
    }
    return at;
  }

  /** Stops at what is here of a row of several packets: `bytes[from, ...)` behind a header at `at`, if there is one. */
  protected part(at: number, from: number, end: number): number {
    const step = Math.min(this.bodyLeft, end - from);
    this.bodyLeft -= step;
    this.payloadAt = from;
    this.resumeAt = from + step;
    this.rowEnds = this.bodyLeft === 0 && !this.continued;
    this.longRow = !this.rowEnds;
    this.stop = STOP.PART;
    return at;
  }

  protected skip(length: number, sequence: number): void {
    if (!this.longRow) {
      this.bytes += FRAME_HEADER + length;
    }
    this.bodyLeft = length;
    this.continued = length === MAX_PAYLOAD;
    this.nextSequence = (sequence + 1) & 0xff;
  }
}

/** Whether a packet where rows stand is one, in one piece: the rest is looked at more closely. */
function isPlainRow(length: number, first: number): boolean {
  return length > 0 && length < MAX_PAYLOAD && first < ROWS_BELOW;
}
