import { AnswerPackets } from "./answer-packets";
import { type Answer, firstPhase, isControl, PHASE, type Phase, STOP } from "./answer-phase";
import { CAPABILITY, HEADER, MAX_PAYLOAD, STATUS } from "./constants";
import {
  beginsDefinitions,
  type DefinitionBlock,
  definitionPackets,
  findBlock,
  readColumnCount,
} from "./definition-block";
import { FRAME_HEADER, payloadLength, writeFrame } from "./frame";
import { MalformedPacket } from "./malformed";
import { putStatementId, readStmtPrepareOk, type StmtPrepareOk } from "./stmt-prepare-ok";

/** OK, ERR and the like are awaited whole; none of real servers comes near this. */
const MAX_CONTROL = 64 * 1024;

/**
 * Walks the packets of an answer from the upstream without copying or decoding them: headers to find the end, rows and bytes to
 * count. Only packets that carry an outcome are looked into. Throws MalformedPacket for what the protocol does not allow.
 */
export class ResponseWalker extends AnswerPackets {
  readonly #deprecateEof: boolean;
  #phase: Phase = PHASE.DONE;
  #prepare = false;
  #cursor = false;
  #packetsLeft = 0;

  /** Stops at definitions before anything of them may be sent on; `acceptBlock` goes on behind a block. */
  inspect = false;
  prepared: StmtPrepareOk | null = null;
  /** Id that the client gets for what is prepared; negative: the server's own. */
  statementId = -1;

  /** After a stop. */
  replacement: Buffer | null = null;
  block: DefinitionBlock | null = null;

  constructor(upstreamCapabilities: number, clientCapabilities: number) {
    super(upstreamCapabilities, clientCapabilities);
    this.#deprecateEof = (upstreamCapabilities & CAPABILITY.DEPRECATE_EOF) !== 0;
  }

  /** `cursor`: the execution asked for a cursor, so that rows may wait for fetches. `sequence`: of the answer's first packet. */
  start(answer: Answer, sequence: number, cursor = false): void {
    this.#phase = firstPhase(answer);
    this.#prepare = answer === "prepared";
    this.#cursor = cursor;
    this.startOutcome();
    this.startPackets(sequence);
    this.inspect = false;
    this.prepared = null;
    this.statementId = -1;
  }

  /** Whether an ERR packet can stand here, between two packets, and every client takes it as the end of the answer. */
  get canCut(): boolean {
    const place = this.#phase === PHASE.FIRST || this.#phase === PHASE.ROWS;
    return place && this.bodyLeft === 0 && !this.continued;
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
      if (this.bodyLeft > 0) {
        if (this.longRow && !this.discard) {
          return this.part(p, p, end);
        }
        const step = Math.min(this.bodyLeft, end - p);
        this.bodyLeft -= step;
        p += step;
        continue;
      }
      if (this.#phase === PHASE.ROWS && !this.rewrites && !this.continued) {
        p = this.wholeRows(bytes, p, end);
      }
      if (end - p < FRAME_HEADER) {
        return p;
      }
      const length = payloadLength(bytes, p);
      if (this.continued) {
        if (!this.discard && !this.longRow && this.bytes + length > this.maxBytes) {
          throw new MalformedPacket("a row of more than 16 MiB goes beyond the limit of the result's bytes");
        }
        this.skip(length, bytes[p + 3] ?? 0);
        if (this.longRow && !this.discard) {
          return this.part(p, p + FRAME_HEADER, end);
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
      if (isControl(this.#phase, first, length, this.#deprecateEof)) {
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
          return this.row(bytes, p, end, length);
        }
        this.rows += 1;
      } else {
        this.#definition(length);
        if (this.inspect && this.#phase === PHASE.FIELDS && !this.discard) {
          return this.#field(bytes, p, end, length);
        }
      }
      this.skip(length, bytes[p + 3] ?? 0);
      p += FRAME_HEADER;
      if (this.#phase === PHASE.DONE) {
        // The last definition ends the answer; its body may still be on the way.
        const step = Math.min(this.bodyLeft, end - p);
        this.bodyLeft -= step;
        p += step;
      }
      if (this.#phase === PHASE.DONE && this.bodyLeft === 0) {
        this.stop = STOP.DONE;
        return p;
      }
    }
    if (this.#phase === PHASE.DONE && this.bodyLeft === 0) {
      this.stop = STOP.DONE;
    }
    return p;
  }

  /** Whether the answer has been walked to its end. */
  get done(): boolean {
    return this.#phase === PHASE.DONE && this.bodyLeft === 0;
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
    const stopped = this.whole(bytes, at, end, length, STOP.FIELD);
    this.bytes += this.stop === STOP.FIELD ? FRAME_HEADER + length : 0;
    return stopped;
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

  /** Takes one outcome or header; returns the packet to send in its place, or null to let it pass. */
  #control(payload: Buffer, first: number, sequence: number): Buffer | null {
    this.bytes += FRAME_HEADER + payload.length;
    if (first === HEADER.ERR) {
      this.#phase = PHASE.DONE;
      return this.takeErr(payload, sequence);
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
    const shown = this.takeEof(payload, sequence);
    if (this.#phase === PHASE.COLUMNS_EOF && !(this.#cursor && (this.status & STATUS.CURSOR_EXISTS) !== 0)) {
      this.#phase = PHASE.ROWS;
    } else {
      this.#nextResultOrDone();
    }
    return shown;
  }

  #ok(payload: Buffer, sequence: number): Buffer | null {
    const shown = this.takeOk(payload, sequence);
    this.#nextResultOrDone();
    return shown;
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

  #nextResultOrDone(): void {
    this.#phase = this.moreResults ? PHASE.FIRST : PHASE.DONE;
  }
}
