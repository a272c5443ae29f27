import { type Frame, readFrame, writeFrame } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import type { Wire, WireHandler } from "./wire";

/** The peer hung up, or the deadline passed, in the middle of a login. */
export class LoginAborted extends Error {
  constructor() {
    super("the peer hung up during the login");
    this.name = "LoginAborted";
  }
}

/** Packets of a login one by one, as promises: logins are rare and small, so this side may allocate. */
export class LoginChannel implements WireHandler {
  readonly wire: Wire;
  readonly #maxPayload: number;
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: { resolve(frame: Frame): void; reject(error: Error): void } | null = null;
  /** Sequence id of the next packet to send. */
  sequence = 0;

  constructor(makeWire: (handler: WireHandler) => Wire, maxPayload: number) {
    this.#maxPayload = maxPayload;
    this.wire = makeWire(this);
  }

  /** For one command on a wire that has logged in. */
  static over(wire: Wire, maxPayload: number): LoginChannel {
    return new LoginChannel((handler) => {
      wire.handler = handler;
      return wire;
    }, maxPayload);
  }

  /** The next payload. Rejects with MalformedPacket (too long, out of order) or LoginAborted. */
  read(): Promise<Buffer> {
    return new Promise<Frame>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#deliver();
    }).then((frame) => {
      if (frame.sequence !== this.sequence) {
        throw new MalformedPacket(`packet ${frame.sequence} where packet ${this.sequence} is due`);
      }
      this.sequence = (frame.sequence + 1) & 0xff;
      return frame.payload;
    });
  }

  send(payload: Buffer): void {
    this.wire.write(writeFrame(payload, this.sequence), false);
    this.sequence = (this.sequence + 1) & 0xff;
  }

  /** The bytes behind the last packet that was read; the channel forgets them. */
  takeLeft(): Buffer {
    const left = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return left;
  }

  onBytes(bytes: Buffer, length: number): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, length)]);
    if (this.#bytes.length > this.#maxPayload) {
      this.wire.pause();
    }
    this.#deliver();
  }

  onDrain(): void {}

  onGone(): void {
    this.#waiting?.reject(new LoginAborted());
    this.#waiting = null;
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === null) {
      return;
    }
    try {
      const frame = readFrame(this.#bytes, 0, this.#maxPayload);
      if (frame !== null) {
        this.#waiting = null;
        this.#bytes = Buffer.from(this.#bytes.subarray(frame.end));
        this.wire.resume();
        waiting.resolve(frame);
      } else if (this.wire.gone) {
        this.onGone();
      }
    } catch (error) {
      this.#waiting = null;
      waiting.reject(error instanceof Error ? error : new MalformedPacket("unreadable"));
    }
  }
}
