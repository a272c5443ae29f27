import type { ResultPlan } from "@/lib/masking/result-plan";
import { STOP } from "../protocol/answer-phase";
import type { ErrPacket } from "../protocol/err-packet";
import { FRAME_HEADER, payloadLength, writeFrame } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import type { ResponseWalker } from "../protocol/response-walker";
import { type Disagreement, SECOND_RESULT } from "./check-definitions";
import { withoutMaskedDefault } from "./field-defaults";
import { LongRow } from "./long-row";
import { type CellMaskMaker, type MaskedColumns, plainColumns } from "./masked-columns";
import type { Output } from "./output";
import { checkDefinitions, readDefinitions } from "./result-definitions";
import { rewriteBinaryRow, rewriteTextRow } from "./rewrite-row";
import { scrubPrepared } from "./scrub";

/** Checks and rewrites one answer after the other while a walker goes through them. Pure: bytes in, bytes out. */
export class MaskedAnswer {
  readonly #walker: ResponseWalker;
  readonly #make: CellMaskMaker;
  readonly #scrub: (error: ErrPacket) => ErrPacket;
  #plan: ResultPlan | null = null;
  #binary = false;
  #results = 0;
  #long: LongRow | null = null;
  #longSequence = 0;
  /** Of the result whose rows are coming, or came last. */
  columns: MaskedColumns | null = null;
  #rows: MaskedColumns | null = null;
  /** How far the sequence ids that go out are ahead of those that come in. */
  shift = 0;
  /** Rows that had something hidden. */
  maskedRows = 0;
  /** Why nothing of the result may be shown. */
  disagreement: Disagreement | null = null;

  /** `scrub` takes an error's text away. */
  constructor(walker: ResponseWalker, make: CellMaskMaker, scrub: (error: ErrPacket) => ErrPacket) {
    this.#walker = walker;
    this.#make = make;
    this.#scrub = scrub;
  }

  /** After the walker has started; `plan` null: the answer passes. `columns`: of the execution that opened the cursor, for its rows. */
  begin(plan: ResultPlan | null, binary: boolean, columns: MaskedColumns | null): void {
    this.#plan = plan;
    this.columns = columns;
    this.#rows = columns;
    this.shift = 0;
    this.maskedRows = 0;
    this.disagreement = null;
    this.#long = null;
    if (plan !== null) {
      this.#binary = binary;
      this.#results = 0;
      this.#walker.inspect = true;
      this.#walker.rewrites = columns !== null;
      this.#walker.scrub = plan.scrub ? this.#scrub : null;
    }
  }

  /** Whole packets that need no more than their sequence ids. */
  pass(out: Output, bytes: Buffer, from: number, to: number): void {
    if (this.shift === 0) {
      out.pass(bytes, from, to);
      return;
    }
    const start = out.place;
    out.pass(bytes, from, to);
    this.#renumber(out, start);
  }

  /** Deals with what the walker has stopped at, at `at`; `bytes` hold no more than up to `end`. False: the answer must be cut here, the walker goes on at the offset `resumeAt`. */
  take(bytes: Buffer, at: number, end: number, out: Output): boolean {
    const { stop, replacement, resumeAt } = this.#walker;
    switch (stop) {
      case STOP.REPLACE:
        if (replacement !== null) {
          this.pass(out, replacement, 0, replacement.length);
        }
        return true;
      case STOP.BLOCK:
        return this.#block(bytes, out);
      case STOP.ROW:
        return this.#rewriteRows(bytes, at, end, out);
      case STOP.PART:
        return this.#part(bytes, at, out);
      case STOP.FIELD:
        this.#field(bytes, at, resumeAt, out);
        return true;
      default:
        return true;
    }
  }

  #block(bytes: Buffer, out: Output): boolean {
    const { block } = this.#walker;
    const plan = this.#plan;
    if (block === null || plan === null) {
      throw new TypeError("no definitions to look at");
    }
    if (block.prepared === null) {
      this.#results += 1;
    }
    const checked =
      this.#results > 1 && plan.outputs !== null
        ? SECOND_RESULT
        : block.columns === 0
          ? NOTHING_TO_CHECK
          : checkDefinitions(plan, this.#make, bytes, block);
    if ("message" in checked) {
      this.disagreement = checked;
      this.#walker.resumeAt = block.at;
      return false;
    }
    const { rewritten } = checked;
    this.columns = checked.columns;
    this.#rows = checked.columns;
    if (checked.columns === null && this.shift !== 0) {
      this.#rows = plainColumns(readDefinitions(bytes.subarray(block.columnsAt, block.columnsEnd)));
    }
    this.#walker.rewrites = this.#rows !== null;
    this.#walker.acceptBlock(block);
    if (rewritten === null && !(plan.scrub && block.prepared !== null)) {
      this.pass(out, bytes, block.at, block.end);
      return true;
    }
    const start = out.place;
    if (rewritten === null) {
      out.pass(bytes, block.at, block.end);
    } else {
      out.pass(bytes, block.at, block.columnsAt);
      out.pass(rewritten, 0, rewritten.length);
      out.pass(bytes, block.columnsEnd, block.end);
    }
    this.#renumber(out, start);
    if (plan.scrub && block.prepared !== null) {
      out.flush();
      scrubPrepared(out.bytes, start, out.length);
    }
    return true;
  }

  /** The row that the walker has stopped at, and those behind it that are like it. */
  #rewriteRows(bytes: Buffer, first: number, end: number, out: Output): boolean {
    const walker = this.#walker;
    const columns = this.#rows;
    if (columns === null) {
      throw new TypeError("no columns to rewrite");
    }
    out.stage(bytes, first, end);
    let at = first;
    do {
      if (!this.#row(bytes, at, walker.resumeAt, columns, out)) {
        return false;
      }
      at = walker.resumeAt;
    } while (walker.nextRow(bytes, end));
    return true;
  }

  #row(bytes: Buffer, at: number, to: number, columns: MaskedColumns, out: Output): boolean {
    const walker = this.#walker;
    const place = out.place;
    if (this.#binary) {
      rewriteBinaryRow(out, bytes, at, to, columns);
    } else {
      rewriteTextRow(out, bytes, at, to, columns);
    }
    let packets = 1;
    if (this.shift !== 0 || out.holds(place)) {
      packets = out.close(place, (bytes[at + 3] ?? 0) + this.shift);
    }
    const size = out.place - place;
    if (walker.bytes + size > walker.maxBytes) {
      out.cut(place);
      this.#takeBack(bytes[at + 3] ?? 0);
      return false;
    }
    this.#count(size);
    this.shift = (this.shift + packets - 1) & 0xff;
    return true;
  }

  #part(bytes: Buffer, at: number, out: Output): boolean {
    const walker = this.#walker;
    if (this.#long === null) {
      if (this.#rows === null) {
        throw new TypeError("no columns to rewrite");
      }
      this.#longSequence = bytes[at + 3] ?? 0;
      const sequence = (this.#longSequence + this.shift) & 0xff;
      this.#long = new LongRow(this.#rows, this.#binary, sequence, walker.maxBytes - walker.bytes);
    }
    const long = this.#long;
    long.take(bytes, walker.payloadAt, walker.resumeAt, out);
    if (walker.rowEnds) {
      long.end(out);
    }
    if (long.overflow) {
      if (long.packets > 0) {
        throw new MalformedPacket("a row of more than 16 MiB goes beyond the limit of the result's bytes");
      }
      this.#long = null;
      this.#takeBack(this.#longSequence);
      return false;
    }
    if (walker.rowEnds) {
      this.#long = null;
      this.shift = (long.sequence - walker.nextSequence) & 0xff;
      this.#count(long.size);
    }
    return true;
  }

  #count(size: number): void {
    this.#walker.bytes += size;
    this.maskedRows += this.columns === null ? 0 : 1;
  }

  /** The row that came last is not sent: the answer ends before it. */
  #takeBack(sequence: number): void {
    this.#walker.rows -= 1;
    this.#walker.nextSequence = sequence;
  }

  #field(bytes: Buffer, at: number, end: number, out: Output): void {
    const payload = bytes.subarray(this.#walker.payloadAt, end);
    const changed = this.#plan === null ? null : withoutMaskedDefault(this.#plan, payload);
    if (changed === null) {
      this.pass(out, bytes, at, end);
    } else {
      const frame = writeFrame(changed, bytes[at + 3] ?? 0);
      out.pass(frame, 0, frame.length);
    }
  }

  #renumber(out: Output, from: number): void {
    if (this.shift === 0) {
      return;
    }
    out.flush();
    const { bytes, length } = out;
    for (let at = from; at < length; at += FRAME_HEADER + payloadLength(bytes, at)) {
      bytes[at + 3] = ((bytes[at + 3] ?? 0) + this.shift) & 0xff;
    }
  }
}

const NOTHING_TO_CHECK = { rewritten: null, columns: null } as const;
