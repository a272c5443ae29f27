import { CAPABILITY, HEADER, MAX_PAYLOAD, STATUS } from "./constants";
import {
  beginsDefinitions,
  type DefinitionBlock,
  definitionPackets,
  findBlock,
  readColumnCount,
} from "./definition-block";
import { EOF_BELOW, writeEof } from "./eof-packet";
import { type ErrPacket, readErr, writeErr } from "./err-packet";
import { FRAME_HEADER, payloadLength, writeFrame } from "./frame";
import { MalformedPacket } from "./malformed";
import { putTransaction, readOk, scrubbedOk, statusIn, withoutSessionTrack } from "./ok-packet";
import { putStatementId, readStmtPrepareOk, type StmtPrepareOk } from "./stmt-prepare-ok";

/** Which answer a command has: one OK, ERR or results; a prepared statement; rows of a cursor; column definitions only. */
export type Answer = "results" | "prepared" | "rows" | "fields";

/**
 * Why `walk` came back. More: it needs more bytes. Replace: send `replacement` in place of what lies before `resumeAt`. When it inspects:
 * a block of definitions, one field of a list. When rows are rewritten: a row, or a part of one that is longer than a packet.
 */
export const STOP = { MORE: 0, DONE: 1, LIMIT: 2, REPLACE: 3, BLOCK: 4, FIELD: 5, ROW: 6, PART: 7 } as const;
export type Stop = (typeof STOP)[keyof typeof STOP];

const PHASE = { FIRST: 0, COLUMNS: 1, COLUMNS_EOF: 2, ROWS: 3, DEFINITIONS: 4, FIELDS: 5, DONE: 6 } as const;

/** OK, ERR and the like are awaited whole; none of real servers comes near this. */
const MAX_CONTROL = 64 * 1024;

/**
 * Walks the packets of an answer from the upstream without copying or decoding them: headers to find the end, rows and bytes to
 * count. Only packets that carry an outcome are looked into. Throws MalformedPacket for what the protocol does not allow.
 */
export class ResponseWalker {
  /** Effective capabilities towards the upstream and towards the client; they differ in SESSION_TRACK only. */
  readonly #upstream: number;
  readonly #rewriteOk: boolean;
  readonly #deprecateEof: boolean;
  #phase: (typeof PHASE)[keyof typeof PHASE] = PHASE.DONE;
  #prepare = false;
  #cursor = false;
  #packetsLeft = 0;
  #bodyLeft = 0;
  #continued = false;
  #longRow = false;

  /** Stops at definitions before anything of them may be sent on; `acceptBlock` goes on behind a block. */
  inspect = false;
  /** Stops at each row; the caller counts the bytes that it sends in its place. */
  rewrites = false;
  /** Replaces errors; warning counts and texts of OK packets are left out too. */
  scrub: ((error: ErrPacket) => ErrPacket) | null = null;
  /** Says an error in other words, before anything else is made of it; null: it has none for this one. */
  explain: ((error: ErrPacket) => ErrPacket | null) | null = null;
  /** Id that the client gets for what is prepared; negative: the server's own. */
  statementId = -1;
  /** Status whose flags about the transaction the client sees in place of the answer's; negative: those. */
  transaction = -1;

  /** Limits of this answer, and whether it is only read to its end, with nothing of it sent on. */
  maxRows = Number.POSITIVE_INFINITY;
  maxBytes = Number.POSITIVE_INFINITY;
  discard = false;
  /** Payload to send instead of an ERR of the upstream. */
  errInstead: Buffer | null = null;

  /** What was seen so far. */
  rows = 0;
  bytes = 0;
  affectedRows = 0;
  errno = 0;
  errMessage = "";
  status = 0;
  /** Of every OK packet of the answer; the bytes are copies. */
  stateChanges: Buffer[] = [];
  prepared: StmtPrepareOk | null = null;
  /** Sequence id that the next packet of this answer has. */
  nextSequence = 1;

  /** After a stop. */
  stop: Stop = STOP.MORE;
  replacement: Buffer | null = null;
  resumeAt = 0;
  /** Of a field, a row or its part: where its payload begins; it ends at `resumeAt`. */
  payloadAt = 0;
  /** The part is the row's last. */
  rowEnds = false;
  block: DefinitionBlock | null = null;

  constructor(upstreamCapabilities: number, clientCapabilities: number) {
    this.#upstream = upstreamCapabilities;
    this.#deprecateEof = (upstreamCapabilities & CAPABILITY.DEPRECATE_EOF) !== 0;
    this.#rewriteOk = (upstreamCapabilities & ~clientCapabilities & CAPABILITY.SESSION_TRACK) !== 0;
  }

  /** `cursor`: the execution asked for a cursor, so that rows may wait for fetches. `sequence`: of the answer's first packet. */
  start(answer: Answer, sequence: number, cursor = false): void {
    this.#phase = answer === "rows" ? PHASE.ROWS : answer === "fields" ? PHASE.FIELDS : PHASE.FIRST;
    this.#prepare = answer === "prepared";
    this.#cursor = cursor;
    this.#bodyLeft = 0;
    this.#continued = false;
    this.#longRow = false;
    this.inspect = false;
    this.rewrites = false;
    this.scrub = null;
    this.explain = null;
    this.statementId = -1;
    this.transaction = -1;
    this.maxRows = Number.POSITIVE_INFINITY;
    this.maxBytes = Number.POSITIVE_INFINITY;
    this.discard = false;
    this.errInstead = null;
    this.rows = 0;
    this.bytes = 0;
    this.affectedRows = 0;
    this.errno = 0;
    this.errMessage = "";
    if (this.stateChanges.length > 0) {
      this.stateChanges = [];
    }
    this.prepared = null;
    this.nextSequence = sequence;
    this.stop = STOP.MORE;
  }

  /** Whether an ERR packet can stand here, between two packets, and every client takes it as the end of the answer. */
  get canCut(): boolean {
    const place = this.#phase === PHASE.FIRST || this.#phase === PHASE.ROWS;
    return place && this.#bodyLeft === 0 && !this.#continued;
  }

  /**
   * Walks `bytes[at, end)`. Returns the offset up to which bytes can be sent on as they are; `stop` says why it is not `end`.
   * After MORE the caller keeps the bytes from that offset and calls again with more behind them.
   */
  walk(bytes: Buffer, at: number, end: number): number {
    let p = at;
    this.stop = STOP.MORE;
    if (this.done) {
      this.stop = STOP.DONE;
      return p;
    }
    while (p < end) {
      if (this.#bodyLeft > 0) {
        if (this.#longRow && !this.discard) {
          return this.#part(p, p, end);
        }
        const step = Math.min(this.#bodyLeft, end - p);
        this.#bodyLeft -= step;
        p += step;
        continue;
      }
      if (end - p < FRAME_HEADER) {
        return p;
      }
      const length = payloadLength(bytes, p);
      if (this.#continued) {
        if (!this.discard && !this.#longRow && this.bytes + length > this.maxBytes) {
          throw new MalformedPacket("a row of more than 16 MiB goes beyond the limit of the result's bytes");
        }
        this.#skip(length, bytes[p + 3] ?? 0);
        if (this.#longRow && !this.discard) {
          return this.#part(p, p + FRAME_HEADER, end);
        }
        p += FRAME_HEADER;
        continue;
      }
      if (length === 0) {
        throw new MalformedPacket("an empty packet in an answer");
      }
      if (end - p <= FRAME_HEADER) {
        return p;
      }
      const first = bytes[p + FRAME_HEADER] ?? 0;
      if (this.inspect && this.#phase === PHASE.FIRST && !this.discard && beginsDefinitions(first, this.#prepare)) {
        return this.#stopAtBlock(bytes, p, end);
      }
      if (this.#isControl(first, length)) {
        if (length > MAX_CONTROL) {
          throw new MalformedPacket(`a control packet of ${length} bytes`);
        }
        const next = p + FRAME_HEADER + length;
        if (next > end) {
          return p;
        }
        this.nextSequence = ((bytes[p + 3] ?? 0) + 1) & 0xff;
        const replacement = this.#control(bytes.subarray(p + FRAME_HEADER, next), first, bytes[p + 3] ?? 0);
        if (replacement !== null && !this.discard) {
          if (this.scrub !== null) {
            this.bytes += replacement.length - FRAME_HEADER - length;
          }
          this.replacement = replacement;
          this.resumeAt = next;
          this.stop = STOP.REPLACE;
          return p;
        }
        p = next;
        if (this.#phase === PHASE.DONE) {
          this.stop = STOP.DONE;
          return p;
        }
        continue;
      }
      if (this.#phase === PHASE.ROWS) {
        const tooLong = !this.rewrites && this.bytes + length > this.maxBytes;
        if (!this.discard && (this.rows >= this.maxRows || tooLong)) {
          this.nextSequence = bytes[p + 3] ?? 0;
          this.stop = STOP.LIMIT;
          return p;
        }
        if (this.rewrites && !this.discard) {
          return this.#row(bytes, p, end, length);
        }
        this.rows += 1;
      } else {
        this.#definition(length);
        if (this.inspect && this.#phase === PHASE.FIELDS && !this.discard) {
          return this.#field(bytes, p, end, length);
        }
      }
      this.#skip(length, bytes[p + 3] ?? 0);
      p += FRAME_HEADER;
      if (this.#phase === PHASE.DONE) {
        // The last definition ends the answer; its body may still be on the way.
        const step = Math.min(this.#bodyLeft, end - p);
        this.#bodyLeft -= step;
        p += step;
      }
      if (this.#phase === PHASE.DONE && this.#bodyLeft === 0) {
        this.stop = STOP.DONE;
        return p;
      }
    }
    if (this.#phase === PHASE.DONE && this.#bodyLeft === 0) {
      this.stop = STOP.DONE;
    }
    return p;
  }

  /** Whether the answer has been walked to its end. */
  get done(): boolean {
    return this.#phase === PHASE.DONE && this.#bodyLeft === 0;
  }

  /** Goes on behind a block that may be sent. */
  acceptBlock({ at, end, packets, prepared }: DefinitionBlock): void {
    this.bytes += end - at;
    this.nextSequence = (this.nextSequence + packets) & 0xff;
    this.prepared = prepared;
    if (this.#prepare) {
      this.#phase = PHASE.DONE;
    } else {
      this.#phase = this.#deprecateEof ? PHASE.ROWS : PHASE.COLUMNS_EOF;
    }
  }

  /** Stops at the definitions that begin at `at` once all of them are here. */
  #stopAtBlock(bytes: Buffer, at: number, end: number): number {
    const block = findBlock(bytes, at, end, this.#prepare, this.#deprecateEof);
    if (block === null) {
      return at;
    }
    this.resumeAt = block.end;
    this.nextSequence = bytes[at + 3] ?? 0;
    if (block.errAt < 0) {
      if (block.prepared !== null && this.statementId >= 0) {
        putStatementId(bytes.subarray(at + FRAME_HEADER), this.statementId);
      }
      this.block = block;
      this.stop = STOP.BLOCK;
      return at;
    }
    // Definitions that were held back need not be shown.
    const sequence = bytes[at + 3] ?? 0;
    const payload = bytes.subarray(block.errAt + FRAME_HEADER, block.end);
    this.nextSequence = (sequence + 1) & 0xff;
    this.replacement = this.#control(payload, HEADER.ERR, sequence) ?? writeFrame(payload, sequence);
    this.stop = STOP.REPLACE;
    return at;
  }

  #field(bytes: Buffer, at: number, end: number, length: number): number {
    const stopped = this.#whole(bytes, at, end, length, STOP.FIELD);
    this.bytes += this.stop === STOP.FIELD ? FRAME_HEADER + length : 0;
    return stopped;
  }

  #row(bytes: Buffer, at: number, end: number, length: number): number {
    if (length !== MAX_PAYLOAD) {
      const stopped = this.#whole(bytes, at, end, length, STOP.ROW);
      this.rows += Number(this.stop === STOP.ROW);
      return stopped;
    }
    this.rows += 1;
    this.#longRow = true;
    this.#skip(length, bytes[at + 3] ?? 0);
    return this.#part(at, at + FRAME_HEADER, end);
  }

  /** Stops at a packet once all of it is here. */
  #whole(bytes: Buffer, at: number, end: number, length: number, stop: Stop): number {
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
  #part(at: number, from: number, end: number): number {
    const step = Math.min(this.#bodyLeft, end - from);
    this.#bodyLeft -= step;
    this.payloadAt = from;
    this.resumeAt = from + step;
    this.rowEnds = this.#bodyLeft === 0 && !this.#continued;
    this.#longRow = !this.rowEnds;
    this.stop = STOP.PART;
    return at;
  }

  #skip(length: number, sequence: number): void {
    if (!this.#longRow) {
      this.bytes += FRAME_HEADER + length;
    }
    this.#bodyLeft = length;
    this.#continued = length === MAX_PAYLOAD;
    this.nextSequence = (sequence + 1) & 0xff;
  }

  /** Whether this packet must be looked into: outcomes and headers of results, but no row and no definition. */
  #isControl(first: number, length: number): boolean {
    switch (this.#phase) {
      case PHASE.FIRST:
      case PHASE.COLUMNS_EOF:
        return true;
      case PHASE.ROWS:
      case PHASE.FIELDS:
        return (
          first === HEADER.ERR || (first === HEADER.EOF && length < (this.#deprecateEof ? MAX_PAYLOAD : EOF_BELOW))
        );
      case PHASE.COLUMNS:
        return first === HEADER.ERR;
      case PHASE.DEFINITIONS:
        return false;
      case PHASE.DONE:
        throw new MalformedPacket("a packet behind the end of the answer");
    }
  }

  /** A column or parameter definition, or an EOF between the groups of a prepared statement's definitions. */
  #definition(length: number): void {
    if (length === MAX_PAYLOAD) {
      throw new MalformedPacket("a column definition of 16 MiB");
    }
    if (this.#phase === PHASE.FIELDS) {
      return;
    }
    this.#packetsLeft -= 1;
    if (this.#packetsLeft > 0) {
      return;
    }
    if (this.#phase === PHASE.DEFINITIONS) {
      this.#phase = PHASE.DONE;
    } else {
      this.#phase = this.#deprecateEof ? PHASE.ROWS : PHASE.COLUMNS_EOF;
    }
  }

  /** Takes one outcome; returns the packet to send in its place, or null to let it pass. */
  #control(payload: Buffer, first: number, sequence: number): Buffer | null {
    this.bytes += FRAME_HEADER + payload.length;
    if (first === HEADER.ERR) {
      const error = readErr(payload);
      const shown = this.explain?.(error) ?? (this.scrub === null ? error : this.scrub(error));
      this.errno = shown.errno;
      this.errMessage = shown.message;
      this.#phase = PHASE.DONE;
      const instead = this.errInstead ?? (shown === error ? null : writeErr(shown));
      return instead === null ? null : writeFrame(instead, sequence);
    }
    if (this.#phase === PHASE.FIRST) {
      return this.#firstPacket(payload, first, sequence);
    }
    if (first !== HEADER.EOF) {
      throw new MalformedPacket("no EOF behind the column definitions");
    }
    if (this.#phase !== PHASE.COLUMNS_EOF && this.#deprecateEof) {
      return this.#ok(payload, sequence);
    }
    const status = payload.length >= 5 ? payload.readUInt16LE(3) : this.status;
    this.status = status;
    const seen = this.transaction < 0 ? status : statusIn(this.transaction, status);
    if (seen !== status && payload.length >= 5) {
      payload.writeUInt16LE(seen, 3);
    }
    if (this.#phase === PHASE.COLUMNS_EOF && !(this.#cursor && (status & STATUS.CURSOR_EXISTS) !== 0)) {
      this.#phase = PHASE.ROWS;
    } else {
      this.#nextResultOrDone();
    }
    return this.scrub === null || payload.length < 5
      ? null
      : writeFrame(writeEof({ warnings: 0, status: seen }), sequence);
  }

  #firstPacket(payload: Buffer, first: number, sequence: number): Buffer | null {
    if (first === HEADER.OK) {
      if (!this.#prepare) {
        return this.#ok(payload, sequence);
      }
      this.prepared = readStmtPrepareOk(payload);
      if (this.statementId >= 0) {
        putStatementId(payload, this.statementId);
      }
      this.#packetsLeft = definitionPackets(this.prepared, this.#deprecateEof);
      this.#phase = this.#packetsLeft === 0 ? PHASE.DONE : PHASE.DEFINITIONS;
      return null;
    }
    if (first === HEADER.LOCAL_INFILE) {
      throw new MalformedPacket("the upstream asks for a local file, which was never offered");
    }
    if (this.#prepare || first === HEADER.EOF) {
      throw new MalformedPacket("an answer that starts with an unknown packet");
    }
    this.#packetsLeft = readColumnCount(payload);
    this.#phase = PHASE.COLUMNS;
    return null;
  }

  #ok(payload: Buffer, sequence: number): Buffer | null {
    const ok = readOk(payload, this.#upstream);
    this.status = ok.status;
    this.affectedRows += ok.affectedRows;
    if (ok.stateChanges.length > 0) {
      this.stateChanges.push(Buffer.from(ok.stateChanges));
    }
    this.#nextResultOrDone();
    if (this.transaction >= 0) {
      putTransaction(payload, this.transaction);
    }
    const rewritten = this.#rewritten(payload);
    return rewritten === null ? null : writeFrame(rewritten, sequence);
  }

  #rewritten(payload: Buffer): Buffer | null {
    if (this.scrub !== null) {
      return scrubbedOk(payload, this.#upstream, !this.#rewriteOk);
    }
    return this.#rewriteOk ? withoutSessionTrack(payload) : null;
  }

  #nextResultOrDone(): void {
    this.#phase = (this.status & STATUS.MORE_RESULTS) === 0 ? PHASE.DONE : PHASE.FIRST;
  }
}
