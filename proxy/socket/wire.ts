import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HeldWire } from "./held";
import type { Turn } from "./turn";

/** Who takes a wire's bytes and events. */
export interface WireHandler {
  /** `bytes[0, length)` is valid during this call only: the buffer is shared by all sockets of the process. */
  onBytes(bytes: Buffer, length: number): void;
  /** What was written has gone out. */
  onDrain(): void;
  /** The peer closed its side, or the socket broke. Called once. */
  onGone(): void;
}

/** How long a closed peer may take to read what was sent last. */
const LINGER_MS = 2000;

/** Longest borrowed run that goes out through the spare buffer: what one read gives, and what its rewriting adds. */
const SPARE = 128 * 1024;
let spare: Buffer = Buffer.allocUnsafeSlow(SPARE);

/** A wire that more is held for takes no more for now. */
const HELD_FULL = 128 * 1024;

/** One socket of a session, plain or TLS, with its bytes going to one handler at a time. */
export class Wire implements HeldWire {
  #socket: Socket;
  #handler: WireHandler;
  #secure: boolean;
  #gone = false;
  #closing = false;
  #turn: Turn | null = null;
  /** Bytes that wait for the turn's records. */
  #heldBytes = 0;

  /** Bytes moved since the session began. */
  bytesRead = 0;
  bytesWritten = 0;

  constructor(socket: Socket, handler: WireHandler, secure: boolean) {
    this.#socket = socket;
    this.#handler = handler;
    this.#secure = secure;
    this.#listen();
  }

  get handler(): WireHandler {
    return this.#handler;
  }

  set handler(handler: WireHandler) {
    this.#handler = handler;
  }

  get secure(): boolean {
    return this.#secure;
  }

  get gone(): boolean {
    return this.#gone;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /**
   * Whether so much is waiting to go out that no more should be read for it. A drain follows, whatever the stream's own mark is;
   * a higher mark here would only mean large copies of what is read meanwhile.
   */
  get full(): boolean {
    return this.#heldBytes > HELD_FULL || this.#socketFull;
  }

  get #socketFull(): boolean {
    return this.#socket.writableNeedDrain && this.#socket.writableLength > 0;
  }

  /** Called by the owner of sockets that read through `onread`. Returns false when the socket must stop reading. */
  readonly take = (length: number, bytes: Uint8Array): boolean => {
    this.bytesRead += length;
    if (!this.#closing) {
      this.#handler.onBytes(bytes as Buffer, length);
    }
    return true;
  };

  /** From here on what it is given goes out behind the turn's records. Not before TLS: `detach` waits for nothing that is held. */
  join(turn: Turn): void {
    if (this.#turn === null) {
      this.#turn = turn;
      this.#socket.prependListener("end", this.#beforeEnd);
    }
  }

  /** Sends bytes, or has its turn hold them. `borrowed` bytes are the caller's again after the call. */
  write(bytes: Buffer, borrowed: boolean): void {
    if (this.#gone || this.#closing) {
      return;
    }
    this.bytesWritten += bytes.length;
    if (this.#turn?.holds === true) {
      this.#heldBytes += bytes.length;
      this.#turn.hold(this, bytes, borrowed);
      return;
    }
    this.#send(bytes, borrowed);
  }

  /**
   * TLS encrypts in the call when nothing waits before the bytes; a plain socket may keep them for later, so there borrowed ones are
   * copied, into the same buffer for as long as the kernel takes all.
   */
  #send(bytes: Buffer, borrowed: boolean): void {
    const socket = this.#socket;
    const waits = socket.writableLength > 0;
    if (!borrowed || (this.#secure && !waits)) {
      socket.write(bytes);
      return;
    }
    if (waits || bytes.length > SPARE) {
      socket.write(Buffer.from(bytes));
      return;
    }
    bytes.copy(spare, 0);
    socket.write(spare.subarray(0, bytes.length));
    if (socket.writableLength > 0) {
      spare = Buffer.allocUnsafeSlow(SPARE);
    }
  }

  /** Begins to count bytes anew: what a login took is no traffic. */
  resetCounts(): void {
    this.bytesRead = 0;
    this.bytesWritten = 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#gone) {
      this.#socket.resume();
    }
  }

  /** Resolves when what it is given now would go out: true; false when the records before it could not be made safe. */
  afterRecords(): Promise<boolean> {
    const turn = this.#turn;
    return turn?.holds === true ? new Promise((tell) => turn.holdTell(tell)) : Promise.resolve(true);
  }

  /** Sends the last bytes, then closes; what still arrives is read and dropped, so that the peer gets to read them. */
  end(last?: Buffer): void {
    if (this.#closing || this.#gone) {
      return;
    }
    if (last !== undefined) {
      this.write(last, false);
    }
    this.#closing = true;
    this.#socket.resume();
    if (this.#turn?.holds === true) {
      this.#turn.holdEnd(this);
    } else {
      this.releaseEnd();
    }
  }

  /** Closes at once, behind what it was given before. */
  destroy(): void {
    this.#closing = true;
    if (this.#heldBytes > 0 && this.#turn?.holds === true) {
      this.#turn.holdDestroy(this);
    } else {
      this.#socket.destroy();
    }
  }

  release(bytes: Buffer): boolean {
    const socket = this.#socket;
    const wasFull = this.#heldBytes > HELD_FULL;
    this.#heldBytes -= bytes.length;
    let keeps = false;
    if (socket.writable) {
      const waits = socket.writableLength > 0;
      socket.write(bytes);
      keeps = socket.writableLength > 0 && (waits || !this.#secure);
    }
    // Where the socket is full now, its own drain follows.
    if (wasFull && !this.full) {
      this.#onDrain();
    }
    return keeps;
  }

  releaseEnd(): void {
    if (this.#socket.destroyed) {
      return;
    }
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  releaseDestroy(): void {
    this.#socket.destroy();
  }

  lose(): void {
    this.#heldBytes = 0;
    this.#closing = true;
    this.#socket.destroy();
  }

  /** Takes the socket out, without this wire's listeners and paused, to start TLS on it. The wire is dead until `secureWith`. */
  detach(): Socket {
    const socket = this.#socket;
    socket.pause();
    socket.removeListener("data", this.#onData);
    socket.removeListener("drain", this.#onDrain);
    socket.removeListener("end", this.#onEnd);
    socket.removeListener("close", this.#onEnd);
    return socket;
  }

  /** Goes on over the TLS socket that was made on the detached one. */
  secureWith(socket: TLSSocket): void {
    this.#socket = socket;
    this.#secure = true;
    this.#listen();
  }

  readonly #onData = (bytes: Buffer): void => {
    this.take(bytes.length, bytes);
  };

  readonly #onDrain = (): void => {
    if (!this.#closing) {
      this.#handler.onDrain();
    }
  };

  /** The socket ends its own side when the peer has ended its: what is held must be out before. */
  readonly #beforeEnd = (): void => {
    if (this.#heldBytes > 0) {
      this.#turn?.flush();
    }
  };

  readonly #onEnd = (): void => this.#tellGone();

  #listen(): void {
    const socket = this.#socket;
    socket.on("data", this.#onData);
    socket.on("drain", this.#onDrain);
    // "close" follows every error and tells the handler.
    socket.on("error", () => undefined);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
  }

  #tellGone(): void {
    if (this.#gone) {
      return;
    }
    this.#gone = true;
    this.#handler.onGone();
  }
}
