import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Frame } from "@/lib/recordings/frame";

const HEADER = 4;

/** A way to a server that keeps what goes over it as frames of the statement that the test says is running. */
export class WireTap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #startedAt = performance.now();
  #statementId: string | null = null;
  /** What went over since the last call of `record`, in order. */
  frames: Frame[] = [];

  private constructor(target: number) {
    this.#server = createServer((socket) => {
      const onward = connect({ host: "127.0.0.1", port: target });
      socket.on("data", (bytes: Buffer) => this.#keep("request", bytes.subarray(HEADER)));
      onward.on("data", (bytes: Buffer) => this.#keep("response", bytes));
      socket.pipe(onward);
      onward.pipe(socket);
      for (const one of [socket, onward]) {
        this.#sockets.add(one);
        one.on("error", () => undefined);
        one.once("close", () => this.#sockets.delete(one));
      }
    });
  }

  static async start(target: number): Promise<WireTap> {
    const tap = new WireTap(target);
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    return tap;
  }

  get port(): number {
    // A server that listens on TCP has an address with a port.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Runs `work`; returns its result and the frames that it made, those of the statement `id`. */
  async record<T>(
    id: string | null,
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly frames: readonly Frame[] }> {
    this.#statementId = id;
    this.frames = [];
    const result = await work();
    return { result, frames: this.frames };
  }

  #keep(kind: "request" | "response", bytes: Buffer): void {
    const atUs = Math.round((performance.now() - this.#startedAt) * 1000);
    this.frames.push({ kind, statementId: this.#statementId, atUs, bytes: Buffer.from(bytes) });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
