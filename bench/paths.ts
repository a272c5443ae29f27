import { connectionName, type Masking } from "./connections";
import type { BenchEnvironment } from "./environment";
import type { Haproxy } from "./haproxy";
import type { LoadRequest } from "./protocol";

/** One way to the upstream. */
export interface Path {
  readonly name: string;
  /** The process whose CPU counts; null for none. */
  readonly pid: number | null;
  /** The path that does less and is compared with this one: without masks; of that one, without recorded results. */
  readonly base: string | null;
  readonly to: Pick<LoadRequest, "host" | "port" | "user" | "password" | "ca">;
}

const HOST = "127.0.0.1";
const WORDS: Readonly<Record<Masking, string>> = {
  unrecorded: "not recorded",
  none: "no masks",
  untouched: "masks, none in result",
  one: "1 column redacted",
  four: "4 columns redacted",
  partial: "1 column partial",
  token: "1 column token",
};

/** Straight to the upstream, and through HAProxy where it is there. */
export function plainPaths(bench: BenchEnvironment, haproxy: Haproxy | null): Path[] {
  const to = { host: HOST, user: "bench", password: "", ca: null };
  const direct = { name: "direct", pid: null, base: null, to: { ...to, port: bench.upstreamPort } };
  if (haproxy === null) return [direct];
  return [direct, { name: "haproxy", pid: haproxy.pid, base: null, to: { ...to, port: haproxy.port } }];
}

/** Through the gateway, on the connection with this masking. */
export function gatewayPath(bench: BenchEnvironment, client: "plain" | "TLS", masking: Masking): Path {
  const name = (of: Masking) => `${client}: ${WORDS[of]}`;
  return {
    name: name(masking),
    pid: bench.gatewayPid,
    base: masking === "unrecorded" ? null : name(masking === "none" ? "unrecorded" : "none"),
    to: {
      host: HOST,
      port: bench.gatewayPort,
      user: connectionName(masking),
      password: bench.token,
      ca: client === "TLS" ? bench.ca : null,
    },
  };
}
