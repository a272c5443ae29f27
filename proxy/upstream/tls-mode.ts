import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { UpstreamTarget } from "../session/ports";

/** What a connection's TLS mode asks for. */
export interface TlsDemand {
  /** Fail when the server does not offer TLS. */
  readonly required: boolean;
  /** Never use TLS, even if offered. */
  readonly disabled: boolean;
  /** The server's certificate is checked, so that the password may be shown to it. */
  readonly verified: boolean;
}

/** Exactly as named: `preferred` does without TLS only where the server does not offer it. */
export function tlsDemand(target: UpstreamTarget): TlsDemand {
  switch (target.tls) {
    case "disabled":
      return { required: false, disabled: true, verified: false };
    case "preferred":
      return { required: false, disabled: false, verified: false };
    case "required":
      return { required: true, disabled: false, verified: false };
    case "verify-ca":
    case "verify-full":
      return { required: true, disabled: false, verified: true };
    default:
      return target.tls satisfies never;
  }
}

function options(target: UpstreamTarget, socket: Socket): ConnectionOptions {
  const verify = tlsDemand(target).verified;
  return {
    socket,
    host: target.host,
    minVersion: "TLSv1.2",
    rejectUnauthorized: verify,
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
    ...(verify && target.ca !== null ? { ca: target.ca } : {}),
    // verify-ca trusts any name that the authority certified.
    ...(target.tls === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** Starts TLS on a connected socket. Rejects with the TLS library's error. */
export function startUpstreamTls(target: UpstreamTarget, socket: Socket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect(options(target, socket));
    const fail = (error?: Error) =>
      reject(error ?? new Error("the server closed the connection during the TLS handshake"));
    secure.once("error", fail);
    secure.once("close", fail);
    secure.once("secureConnect", () => {
      secure.removeListener("error", fail);
      secure.removeListener("close", fail);
      resolve(secure);
    });
  });
}
