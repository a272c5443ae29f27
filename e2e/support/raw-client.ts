import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { CAPABILITY, HEADER } from "@/proxy/protocol/constants";
import { type ErrPacket, readErr } from "@/proxy/protocol/err-packet";
import { readFrame, writeFrame } from "@/proxy/protocol/frame";
import { type HandshakeResponse, writeHandshakeResponse } from "@/proxy/protocol/handshake-response";
import { type HandshakeV10, readHandshakeV10 } from "@/proxy/protocol/handshake-v10";
import { writeSslRequest } from "@/proxy/protocol/ssl-request";

export const RAW_CAPABILITIES: number =
  CAPABILITY.LONG_PASSWORD |
  CAPABILITY.LONG_FLAG |
  CAPABILITY.PROTOCOL_41 |
  CAPABILITY.SECURE_CONNECTION |
  CAPABILITY.MULTI_RESULTS |
  CAPABILITY.PLUGIN_AUTH |
  CAPABILITY.PLUGIN_AUTH_LENENC;

const MAX_PACKET = 0xff_fffe;

/** A client that does as the test says, byte by byte. */
export class RawClient {
  #socket: Socket | TLSSocket;
  #bytes: Buffer = Buffer.alloc(0);
  #wake: (() => void) | null = null;
  #closed = false;
  /** All that came since `keep`. */
  #kept: Buffer[] | null = null;
  #reads = true;
  sequence = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new RawClient(socket);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("data", (part: Buffer) => {
      this.#kept?.push(part);
      if (this.#reads) this.#bytes = Buffer.concat([this.#bytes, part]);
      this.#wake?.();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (socket === this.#socket) {
        this.#closed = true;
        this.#wake?.();
      }
    });
    socket.on("end", () => {
      if (socket === this.#socket) {
        this.#closed = true;
        this.#wake?.();
      }
    });
  }

  /** The next payload, or null when the peer closed. */
  async read(): Promise<Buffer | null> {
    for (;;) {
      const frame = readFrame(this.#bytes, 0, MAX_PACKET);
      if (frame !== null) {
        this.#bytes = this.#bytes.subarray(frame.end);
        this.sequence = (frame.sequence + 1) & 0xff;
        return frame.payload;
      }
      if (this.#closed) {
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async readError(): Promise<ErrPacket> {
    const payload = await this.read();
    if (payload?.[0] !== HEADER.ERR) {
      throw new Error(`no ERR but ${payload?.toString("hex") ?? "the end of the connection"}`);
    }
    return readErr(payload);
  }

  /** Resolves when the peer has closed; what it sent before is dropped. */
  async closed(): Promise<void> {
    while ((await this.read()) !== null) {
      // Until the end.
    }
  }

  /** Keeps every byte that comes from here on, for `kept`. `only`: nothing is read any more, for answers with long packets. */
  keep(only = false): void {
    this.#kept ??= [];
    this.#reads = !only;
  }

  get kept(): Buffer {
    return Buffer.concat(this.#kept ?? []);
  }

  /** Resolves when the peer has closed, whatever it sent before. */
  async gone(): Promise<void> {
    while (!this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(payload: Buffer): void {
    this.raw(writeFrame(payload, this.sequence));
    this.sequence = (this.sequence + 1) & 0xff;
  }

  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends a command and waits for the first packet of its answer. */
  async command(code: number, body: Buffer | string = ""): Promise<Buffer | null> {
    this.sequence = 0;
    this.send(Buffer.concat([Buffer.of(code), Buffer.from(body)]));
    return await this.read();
  }

  async greeting(): Promise<HandshakeV10> {
    return readHandshakeV10((await this.read()) ?? Buffer.alloc(0));
  }

  async startTls(
    capabilities: number = RAW_CAPABILITIES,
    maxVersion: "TLSv1.2" | "TLSv1.3" = "TLSv1.3",
  ): Promise<TLSSocket> {
    this.send(writeSslRequest({ capabilities: capabilities | CAPABILITY.SSL, maxPacket: 1 << 24, collation: 45 }));
    const plain = this.#socket;
    plain.removeAllListeners("data");
    const socket = connectTls({ socket: plain, rejectUnauthorized: false, maxVersion });
    this.#socket = socket;
    this.#listen();
    await new Promise((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    return socket;
  }

  sendResponse(changes: Partial<HandshakeResponse> = {}): void {
    this.send(
      writeHandshakeResponse({
        capabilities: RAW_CAPABILITIES,
        maxPacket: 1 << 24,
        collation: 45,
        user: "shop",
        authResponse: Buffer.alloc(32, 1),
        database: null,
        authPlugin: "caching_sha2_password",
        attributes: new Map(),
        ...changes,
      }),
    );
  }

  /** A whole login by caching_sha2_password over TLS; returns the last packet. */
  async logIn(token: string, changes: Partial<HandshakeResponse> = {}): Promise<Buffer | null> {
    await this.greeting();
    await this.startTls(changes.capabilities ?? RAW_CAPABILITIES);
    this.sendResponse(changes);
    const more = await this.read();
    if (more?.toString("hex") !== "0104") {
      return more;
    }
    this.send(Buffer.from(`${token}\0`));
    return await this.read();
  }

  halfClose(): void {
    this.#socket.end();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
