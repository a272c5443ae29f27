import type { Wire } from "../socket/wire";
import type { Recording } from "./recording";

/** The one way to a client after its login: what it is told is recorded first. */
export class ClientVoice {
  readonly #client: Pick<Wire, "write" | "end" | "gone" | "closing">;
  readonly #recording: Recording;

  constructor(client: Pick<Wire, "write" | "end" | "gone" | "closing">, recording: Recording) {
    this.#client = client;
    this.#recording = recording;
  }

  /** Part of the upstream's answer; as `Wire.write`. */
  write(bytes: Buffer, borrowed: boolean): void {
    if (!this.#deaf) this.#recording.relayed(bytes);
    this.#client.write(bytes, borrowed);
  }

  /** Packets of the gateway's own. */
  say(frame: Buffer): void {
    if (!this.#deaf) this.#recording.said(frame);
    this.#client.write(frame, false);
  }

  /** As `say`, and nothing after it; as `Wire.end`. */
  sayLast(frame: Buffer): void {
    if (!this.#deaf) this.#recording.said(frame);
    this.#client.end(frame);
  }

  /** What is written goes nowhere. */
  get #deaf(): boolean {
    return this.#client.gone || this.#client.closing;
  }
}
