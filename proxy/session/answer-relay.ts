import type { MaskedAnswer } from "../masking/masked-answer";
import { Output } from "../masking/output";
import { STOP } from "../protocol/answer-phase";
import type { ResponseWalker } from "../protocol/response-walker";
import { Carry } from "../socket/carry";
import type { Wire } from "../socket/wire";

/** Of all sessions: what is put together in one call goes out in the same call. */
const output = new Output();

/** Beginnings of packets up to this length are put before what follows; longer ones grow where they are, so that no byte is copied often. */
const GATHERED = 16 * 1024;

/** Sends the upstream's answers on to the client: whole runs of packets as they came, one write for what came in one read. */
export class AnswerRelay {
  readonly walker: ResponseWalker;
  readonly masked: MaskedAnswer;
  readonly #client: Pick<Wire, "write">;
  readonly #held = new Carry();
  readonly #onCut: () => void;

  /**
   * `onCut` is called between two packets when a limit of the walker is reached or `masked` disagrees with what the server says of
   * a result; it makes the walker discard the rest.
   */
  constructor(client: Pick<Wire, "write">, walker: ResponseWalker, masked: MaskedAnswer, onCut: () => void) {
    this.#client = client;
    this.walker = walker;
    this.masked = masked;
    this.#onCut = onCut;
  }

  /** Whether part of a packet waits for the rest before anything of it is sent on. */
  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** Whether an ERR of the gateway can end the answer here and now. */
  get canCut(): boolean {
    return this.walker.canCut;
  }

  /** Sequence id of the next packet to the client. */
  get nextSequence(): number {
    return (this.walker.nextSequence + this.masked.shift) & 0xff;
  }

  /** Takes `bytes[0, length)` of the answer. Throws MalformedPacket. */
  take(bytes: Buffer, length: number): void {
    const held = this.#held;
    if (held.length === 0) {
      output.begin();
      held.append(bytes, this.#walk(bytes, length), length);
    } else if (held.length > GATHERED) {
      held.append(bytes, 0, length);
      const all = held.view();
      output.begin();
      held.consume(this.#walk(all, all.length));
    } else {
      const all = output.gather(held.view(), bytes, length);
      held.keep(all, this.#walk(all, all.length), all.length);
    }
  }

  clear(): void {
    this.#held.clear();
  }

  #walk(bytes: Buffer, length: number): number {
    const { walker } = this;
    const at = walker.walk(bytes, 0, length);
    if (walker.stop > STOP.DONE) {
      return this.#walkOn(bytes, at, length);
    }
    if (at > 0 && !walker.discard) {
      this.#client.write(bytes.subarray(0, at), true);
    }
    return at;
  }

  /** The walker has stopped at something that does not pass as it came. */
  #walkOn(bytes: Buffer, first: number, length: number): number {
    const { walker, masked } = this;
    let from = 0;
    let at = first;
    let cut = false;
    for (;;) {
      masked.pass(output, bytes, from, at);
      if (walker.stop <= STOP.LIMIT) {
        cut = walker.stop === STOP.LIMIT;
        from = at;
        break;
      }
      cut = !masked.take(bytes, at, length, output);
      from = walker.resumeAt;
      if (cut) {
        break;
      }
      at = walker.walk(bytes, from, length);
    }
    const out = output.view();
    if (out.length > 0) {
      this.#client.write(out, true);
    }
    if (!cut) {
      return from;
    }
    this.#onCut();
    return walker.walk(bytes, from, length);
  }
}
