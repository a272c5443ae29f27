import { CAPABILITY, STATUS } from "./constants";
import { writeEof } from "./eof-packet";
import { type ErrPacket, readErr, writeErr } from "./err-packet";
import { writeFrame } from "./frame";
import { isBareOk, putTransaction, readOk, scrubbedOk, statusIn, withoutSessionTrack } from "./ok-packet";

/** What the packets of an answer say of its outcome, and what the client gets to see of them. */
export class AnswerOutcome {
  /** Effective capabilities towards the upstream and towards the client; they differ in SESSION_TRACK only. */
  readonly #upstream: number;
  readonly #rewriteOk: boolean;

  /** Replaces errors; warning counts and texts of OK packets are left out too. */
  scrub: ((error: ErrPacket) => ErrPacket) | null = null;
  /** Says an error in other words, before anything else is made of it; null: it has none for this one. */
  explain: ((error: ErrPacket) => ErrPacket | null) | null = null;
  /** Status whose flags about the transaction the client sees in place of the answer's; negative: those. */
  transaction = -1;
  /** Payload to send instead of an ERR of the upstream. */
  errInstead: Buffer | null = null;

  /** What was seen so far. */
  affectedRows = 0;
  errno = 0;
  errMessage = "";
  status = 0;
  /** Of every OK packet of the answer; the bytes are copies. */
  stateChanges: Buffer[] = [];

  constructor(upstreamCapabilities: number, clientCapabilities: number) {
    this.#upstream = upstreamCapabilities;
    this.#rewriteOk = (upstreamCapabilities & ~clientCapabilities & CAPABILITY.SESSION_TRACK) !== 0;
  }

  /** Whether another result follows in the same answer. */
  protected get moreResults(): boolean {
    return (this.status & STATUS.MORE_RESULTS) !== 0;
  }

  /** Forgets the last answer; the status of the session stays. */
  protected startOutcome(): void {
    this.scrub = null;
    this.explain = null;
    this.transaction = -1;
    this.errInstead = null;
    this.affectedRows = 0;
    this.errno = 0;
    this.errMessage = "";
    if (this.stateChanges.length > 0) {
      this.stateChanges = [];
    }
  }

  /** Takes an ERR; returns the packet to send in its place, or null to let it pass. */
  protected takeErr(payload: Buffer, sequence: number): Buffer | null {
    const error = readErr(payload);
    const shown = this.explain?.(error) ?? (this.scrub === null ? error : this.scrub(error));
    this.errno = shown.errno;
    this.errMessage = shown.message;
    const instead = this.errInstead ?? (shown === error ? null : writeErr(shown));
    return instead === null ? null : writeFrame(instead, sequence);
  }

  /** As `takeErr`, for an OK packet, also one that ends rows. */
  protected takeOk(payload: Buffer, sequence: number): Buffer | null {
    if (isBareOk(payload)) {
      this.status = payload.readUInt16LE(3);
      this.affectedRows += payload[1] ?? 0;
      this.#putTransaction(payload);
      return null;
    }
    const ok = readOk(payload, this.#upstream);
    this.status = ok.status;
    this.affectedRows += ok.affectedRows;
    if (ok.stateChanges.length > 0) {
      this.stateChanges.push(Buffer.from(ok.stateChanges));
    }
    this.#putTransaction(payload);
    const rewritten = this.#rewritten(payload);
    return rewritten === null ? null : writeFrame(rewritten, sequence);
  }

  #putTransaction(payload: Buffer): void {
    if (this.transaction >= 0) {
      putTransaction(payload, this.transaction);
    }
  }

  #rewritten(payload: Buffer): Buffer | null {
    if (this.scrub !== null) {
      return scrubbedOk(payload, this.#upstream, !this.#rewriteOk);
    }
    return this.#rewriteOk ? withoutSessionTrack(payload) : null;
  }

  /** As `takeErr`, for an EOF. */
  protected takeEof(payload: Buffer, sequence: number): Buffer | null {
    if (payload.length < 5) {
      return null;
    }
    const status = payload.readUInt16LE(3);
    this.status = status;
    const seen = this.transaction < 0 ? status : statusIn(this.transaction, status);
    if (seen !== status) {
      payload.writeUInt16LE(seen, 3);
    }
    return this.scrub === null ? null : writeFrame(writeEof({ warnings: 0, status: seen }), sequence);
  }
}
