import { connect as connectTcp, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls } from "node:tls";
import { isIpAddress } from "../address";
import { certificatesOf } from "../certificate";
import { type Greeting, readGreeting, tlsRequest } from "./greeting";
import type { CertificateSummary } from "./steps";
import { withTimeout } from "./with-timeout";

export const TCP_MS = 5_000;
const GREETING_MS = 5_000;
const TLS_MS = 5_000;

/** Opens a TCP connection. Rejects with the system's error, `code` ETIMEDOUT when nothing answers. */
export async function dial(address: string, port: number): Promise<Socket> {
  const socket = connectTcp({ host: address, port });
  const opened = new Promise<Socket>((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
  try {
    return await withTimeout(opened, TCP_MS, "ETIMEDOUT");
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Waits for the server's greeting on a fresh connection. Rejects with `code` ETIMEDOUT or ECONNRESET. */
export function awaitGreeting(socket: Socket): Promise<Exclude<Greeting, { kind: "incomplete" }>> {
  let received = Buffer.alloc(0);
  const greeting = new Promise<Exclude<Greeting, { kind: "incomplete" }>>((resolve, reject) => {
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const found = readGreeting(received);
      if (found.kind !== "incomplete") {
        socket.removeAllListeners("data");
        resolve(found);
      }
    });
    socket.once("error", reject);
    socket.once("end", () => reject(Object.assign(new Error("closed before the greeting"), { code: "ECONNRESET" })));
  });
  return withTimeout(greeting, GREETING_MS, "ETIMEDOUT");
}

export interface TlsFacts {
  /** e.g. "TLSv1.3". */
  readonly version: string;
  readonly certificate: CertificateSummary;
  /** Why the chain does not lead to a trusted authority (OpenSSL's code); null when it does. */
  readonly chainError: string | null;
  /** Why the certificate is not one of this host; null when it is. */
  readonly nameError: string | null;
}

/** Goes on in TLS and looks at what the server shows. It verifies nothing by itself: the caller judges the facts by the mode. */
export async function startTls(socket: Socket, host: string, ca: string | null): Promise<TlsFacts> {
  socket.write(tlsRequest());
  const secure = connectTls({
    socket,
    ...(isIpAddress(host) ? {} : { servername: host }),
    ...(ca === null ? {} : { ca: certificatesOf(ca).map((one) => one.toString()) }),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const done = new Promise<TlsFacts>((resolve, reject) => {
    secure.once("error", reject);
    secure.once("secureConnect", () => {
      const peer = secure.getPeerCertificate();
      const nameOf = (one: { CN?: string | string[]; O?: string | string[] }) =>
        [one.CN ?? one.O ?? "unnamed"].flat().join(", ");
      resolve({
        version: secure.getProtocol() ?? "TLS",
        certificate: {
          subject: nameOf(peer.subject),
          issuer: nameOf(peer.issuer),
          names: peer.subjectaltname ?? "",
          validFrom: new Date(peer.valid_from).toISOString(),
          validTo: new Date(peer.valid_to).toISOString(),
          fingerprint: peer.fingerprint256,
        },
        chainError: secure.authorized ? null : errorCode(secure.authorizationError),
        nameError: checkServerIdentity(host, peer)?.message ?? null,
      });
    });
  });
  return withTimeout(done, TLS_MS, "ETIMEDOUT");
}

/** Node's types call it an Error, its documentation and the running program give the code as text. */
function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
