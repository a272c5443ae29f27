import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { AUTH_PLUGIN, CAPABILITY, HEADER, UTF8MB4_GENERAL_CI } from "@/proxy/protocol/constants";
import { FRAME_HEADER, payloadLength, writeFrame } from "@/proxy/protocol/frame";
import { writeHandshakeResponse } from "@/proxy/protocol/handshake-response";
import { writeSslRequest } from "@/proxy/protocol/ssl-request";
import type { LoadRequest } from "./protocol";

const CAPABILITIES =
  CAPABILITY.LONG_PASSWORD |
  CAPABILITY.LONG_FLAG |
  CAPABILITY.PROTOCOL_41 |
  CAPABILITY.TRANSACTIONS |
  CAPABILITY.SECURE_CONNECTION |
  CAPABILITY.PLUGIN_AUTH |
  CAPABILITY.PLUGIN_AUTH_LENENC |
  CAPABILITY.DEPRECATE_EOF;
const MAX_PACKET = 0xff_ffff;

/**
 * A client that costs little, so that the load process can keep a gateway busy: logs in (with a token, or with nothing), then
 * sends the same frames over and over and counts packets. Speaks only what the bench needs.
 */
export class WireClient {
  private pending: Buffer = Buffer.alloc(0);
  private onBytes: () => void = () => undefined;
  private failure: Error | null = null;
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
      this.onBytes();
    });
    const fail = (error: Error) => {
      this.failure = error;
      this.onBytes();
    };
    socket.on("error", fail);
    socket.on("close", () => fail(new Error("connection closed")));
  }

  static async open(target: LoadRequest): Promise<WireClient> {
    const plain = connectTcp({ host: target.host, port: target.port });
    const first = new WireClient(plain);
    await first.packet();
    const fields = { capabilities: CAPABILITIES, maxPacket: MAX_PACKET, collation: UTF8MB4_GENERAL_CI };
    let client = first;
    if (target.ca !== null) {
      fields.capabilities |= CAPABILITY.SSL;
      plain.write(writeFrame(writeSslRequest(fields), 1));
      plain.removeAllListeners("data");
      client = new WireClient(connectTls({ socket: plain, ca: target.ca, servername: "localhost" }));
    }
    const response = writeHandshakeResponse({
      ...fields,
      user: target.user,
      // Any 32 bytes: the gateway keeps no hash to compare a scramble with, and asks for the token itself.
      authResponse: Buffer.alloc(target.password === "" ? 0 : 32),
      database: null,
      authPlugin: target.password === "" ? AUTH_PLUGIN.NATIVE : AUTH_PLUGIN.CACHING_SHA2,
      attributes: new Map(),
    });
    client.socket.write(writeFrame(response, target.ca === null ? 1 : 2));
    for (;;) {
      const { payload, sequence } = await client.packet();
      if (payload[0] === HEADER.OK) return client;
      if (payload[0] === HEADER.ERR) throw new Error(payload.subarray(9).toString("utf8"));
      client.socket.write(writeFrame(Buffer.from(`${target.password}\0`), sequence + 1));
    }
  }

  /** Sends a frame made before. */
  send(frame: Buffer): void {
    this.socket.write(frame);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The next whole packet. */
  async packet(): Promise<{ payload: Buffer; sequence: number }> {
    for (;;) {
      if (this.pending.length >= FRAME_HEADER) {
        const end = FRAME_HEADER + payloadLength(this.pending, 0);
        if (this.pending.length >= end) {
          const payload = this.pending.subarray(FRAME_HEADER, end);
          const sequence = this.pending[3] ?? 0;
          this.pending = this.pending.subarray(end);
          return { payload, sequence };
        }
      }
      if (this.failure !== null) throw this.failure;
      await new Promise<void>((resolve) => {
        this.onBytes = resolve;
      });
    }
  }

  /** Reads one result of a SELECT to its end and returns its length in bytes. */
  async result(): Promise<number> {
    let bytes = 0;
    for (let packets = 0; ; packets++) {
      const { payload } = await this.packet();
      bytes += FRAME_HEADER + payload.length;
      if (payload[0] === HEADER.ERR) throw new Error(payload.subarray(9).toString("utf8"));
      if (packets > 0 && payload[0] === HEADER.EOF && payload.length < 200) return bytes;
    }
  }

  /**
   * Calls `done` each time `size` more bytes arrived, for ever: the measured loop, without promises. `failed` when the connection ends or an
   * answer starts with an error.
   */
  loop(size: number, done: () => void, failed: (error: Error) => void): void {
    let have = 0;
    this.socket.removeAllListeners("data");
    this.socket.on("data", (chunk: Buffer) => {
      if (have === 0 && chunk[FRAME_HEADER] === HEADER.ERR) {
        failed(new Error(chunk.subarray(FRAME_HEADER + 9).toString("utf8")));
        return;
      }
      have += chunk.length;
      if (have >= size) {
        have -= size;
        done();
      }
    });
    this.onBytes = () => {
      if (this.failure !== null) failed(this.failure);
    };
  }
}
