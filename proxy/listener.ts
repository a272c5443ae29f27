import { createServer, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { Logger } from "pino";
import { acceptClient } from "./session/accept";
import type { GatewayPorts } from "./session/ports";
import type { SessionRegistry } from "./session/registry";
import type { Turn } from "./socket/turn";

export interface ListenerOptions {
  readonly ports: GatewayPorts;
  readonly registry: SessionRegistry;
  readonly log: Logger;
  /** PEM texts; the certificate with its full chain. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Takes tokens without TLS: benchmarks. */
  readonly plain?: boolean;
  /** Of the spool that the recorder writes to: see Turn. */
  readonly turn?: Turn;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Epoch milliseconds; tests pass their own clock. */
  readonly now?: () => number;
}

export interface Listener {
  /** Resolves to the port once it accepts. */
  listen(): Promise<number>;
  /** Accepts no more, ends idle sessions, lets running statements and open transactions finish for `graceMs`, then ends them. */
  drain(graceMs: number): Promise<void>;
  /** Ends everything at once. */
  close(): Promise<void>;
}

const TICK_MS = 100;

/** The MySQL listener: greets, logs in and relays. TLS is always offered. */
export function createListener(options: ListenerOptions): Listener {
  const { ports, registry, log } = options;
  const now = options.now ?? Date.now;
  const { plain = false, turn = null } = options;
  const tls = createSecureContext({
    cert: options.tls.cert,
    key: options.tls.key,
    minVersion: "TLSv1.2",
    sessionIdContext: "sallyport",
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void acceptClient(socket, { ports, registry, log, tls, plain, turn, now });
  });
  const clock = setInterval(() => registry.tick(now()), TICK_MS);
  clock.unref();

  const stopAccepting = () => {
    if (server.listening) {
      server.close();
    }
  };
  const endAll = () => {
    for (const session of registry.sessions()) {
      session.terminate("drained");
    }
  };

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(options.port, options.host, () => {
          server.removeListener("error", reject);
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : options.port);
        });
      }),
    drain: (graceMs) => {
      stopAccepting();
      const until = now() + graceMs;
      return new Promise((resolve) => {
        const step = () => {
          for (const session of registry.sessions()) {
            if (!session.busy) {
              session.terminate("drained");
            }
          }
          if (registry.size > 0 && now() < until) {
            setTimeout(step, TICK_MS);
            return;
          }
          endAll();
          resolve();
        };
        step();
      });
    },
    close: async () => {
      stopAccepting();
      endAll();
      clearInterval(clock);
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
