import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that a test cuts and opens again, as a restart of that server would. */
export class TcpProxy {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  port = 0;

  constructor(target: number) {
    this.#target = target;
  }

  /** Accepts connections, at the same port as before. */
  async start(): Promise<void> {
    const server = createServer((socket) => {
      const onward = connect({ host: "127.0.0.1", port: this.#target });
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => undefined);
        one.once("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Cuts every connection and accepts none. */
  async stop(): Promise<void> {
    const closed = this.#server === null ? null : once(this.#server, "close");
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
