import { readFile } from "node:fs/promises";
import { env } from "@/lib/config/env";
import { certificatesOf } from "./certificate";

/** The authority that agents must trust: public certificate only. */
export interface GatewayAuthority {
  readonly pem: string;
  readonly subject: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly validTo: string;
  /** Where the file is on the machine of the console; the agents' own path is another one unless they run there. */
  readonly path: string | null;
}

export interface GatewayEndpoint {
  /** What agents connect to. */
  readonly host: string;
  readonly port: number;
  readonly authority: GatewayAuthority | null;
  /** private: agents need `authority`. public: they need nothing. unknown: this process was not told of the certificate. */
  readonly trust: "private" | "public" | "unknown";
}

const ANY_ADDRESS = new Set(["0.0.0.0", "::", "[::]"]);

async function textOf(path: string | undefined): Promise<string | null> {
  return path === undefined ? null : readFile(path, "utf8").catch(() => null);
}

/** Where agents find the gateway and what they must trust, from the environment of the console. */
export async function gatewayEndpoint(): Promise<GatewayEndpoint> {
  const given = env("agents");
  const host =
    given.GATEWAY_PUBLIC_HOST ??
    (ANY_ADDRESS.has(given.GATEWAY_HOST) ? new URL(env("console").CONSOLE_URL).hostname : given.GATEWAY_HOST);
  const place = { host, port: given.GATEWAY_PORT };
  const [ca, chain] = await Promise.all([textOf(given.GATEWAY_TLS_CA), textOf(given.GATEWAY_TLS_CERT)]);
  if (ca !== null) {
    return { ...place, authority: authorityOf(ca, given.GATEWAY_TLS_CA ?? null), trust: "private" };
  }
  if (chain === null) {
    return { ...place, authority: null, trust: "unknown" };
  }
  const last = certificatesOf(chain).at(-1);
  if (last === undefined || last.issuer !== last.subject) {
    return { ...place, authority: null, trust: "public" };
  }
  return { ...place, authority: authorityOf(last.toString(), null), trust: "private" };
}

/** Certificates only: whatever else stands in the file (a key put there by mistake) is left behind. */
function authorityOf(text: string, path: string | null): GatewayAuthority | null {
  const certificates = certificatesOf(text);
  const first = certificates[0];
  if (first === undefined) {
    return null;
  }
  return {
    pem: certificates
      .map((one) => one.toString().trimEnd())
      .join("\n")
      .concat("\n"),
    subject: first.subject.replaceAll("\n", ", "),
    fingerprint: first.fingerprint256,
    validTo: new Date(first.validTo).toISOString(),
    path,
  };
}
