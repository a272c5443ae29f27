import type { Logger } from "pino";
import type { GatewayPorts } from "./session/ports";
import type { SessionRegistry } from "./session/registry";

export interface ListenerOptions {
  readonly ports: GatewayPorts;
  readonly registry: SessionRegistry;
  readonly log: Logger;
  /** PEM texts; the certificate with its full chain. */
  readonly tls: { readonly cert: string; readonly key: string };
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
