import { ResponseWalker, STOP } from "../protocol/response-walker";
import { Carry } from "../socket/carry";
import type { Wire } from "../socket/wire";

/** Sends the upstream's answers on to the client: whole runs of packets as they came, one write for what came in one read. */
export class AnswerRelay {
  readonly walker: ResponseWalker;
  readonly #client: Wire;
  readonly #held = new Carry();
  readonly #onLimit: () => void;

  /** `onLimit` is called between two packets when a limit of the walker is reached; it makes the walker discard the rest. */
  constructor(client: Wire, upstreamCapabilities: number, clientCapabilities: number, onLimit: () => void) {
    this.#client = client;
    this.walker = new ResponseWalker(upstreamCapabilities, clientCapabilities);
    this.#onLimit = onLimit;
  }

  /** Whether part of a packet waits for the rest before anything of it is sent on. */
  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** Whether an ERR of the gateway can end the answer here and now. */
  get canCut(): boolean {
    return this.walker.canCut;
  }

  /** Takes `bytes[0, length)` of the answer. Throws MalformedPacket. */
  take(bytes: Buffer, length: number): void {
    if (this.#held.length === 0) {
      const used = this.#walk(bytes, length);
      this.#held.append(bytes, used, length);
      return;
    }
    this.#held.append(bytes, 0, length);
    const all = this.#held.view();
    this.#held.consume(this.#walk(all, all.length));
  }

  clear(): void {
    this.#held.clear();
  }

  #walk(bytes: Buffer, length: number): number {
    const { walker } = this;
    let parts: Buffer[] | null = null;
    let from = 0;
    let at = walker.walk(bytes, 0, length);
    while (walker.stop === STOP.REPLACE) {
      parts ??= [];
      parts.push(bytes.subarray(from, at), walker.replacement ?? Buffer.alloc(0));
      from = walker.resumeAt;
      at = walker.walk(bytes, from, length);
    }
    if (!walker.discard) {
      this.#send(parts, bytes.subarray(from, at));
    }
    if (walker.stop === STOP.LIMIT) {
      this.#onLimit();
      at = walker.walk(bytes, at, length);
    }
    return at;
  }

  #send(parts: Buffer[] | null, run: Buffer): void {
    if (parts !== null) {
      parts.push(run);
      this.#client.write(Buffer.concat(parts), false);
    } else if (run.length > 0) {
      this.#client.write(run, true);
    }
  }
}
