import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { requestClientToken } from "@/lib/auth/client-token";
import { env } from "@/lib/config/env";
import { BUILT_IN_CLIENTS } from "../dev-idp/machine-clients";
import { createRandom, type Random } from "../shop/random";

/** Where the agents connect, and how they trust it. */
export interface Gateway {
  readonly host: string;
  readonly port: number;
  readonly caPath: string;
}

/** What an agent works with until the demo ends. */
export interface Assignment {
  readonly gateway: Gateway;
  readonly token: string;
  readonly random: Random;
  /** Aborts when the demo's time is over. */
  readonly signal: AbortSignal;
  /** Prints a line in the agent's name. */
  readonly say: (text: string) => void;
}

export function gatewayOf(): Gateway {
  const { GATEWAY_PORT, GATEWAY_TLS_CA, GATEWAY_TLS_CERT } = env("agents");
  return { host: "127.0.0.1", port: GATEWAY_PORT, caPath: GATEWAY_TLS_CA ?? GATEWAY_TLS_CERT ?? "" };
}

export function caOf(gateway: Gateway): string {
  return readFileSync(gateway.caPath, "utf8");
}

/** An access token for one of the demo's machine clients. */
export async function tokenFor(clientId: string): Promise<string> {
  const client = BUILT_IN_CLIENTS.find((one) => one.id === clientId);
  const { OIDC_ISSUER, OIDC_AUDIENCE } = env("oidc");
  const given = await requestClientToken({
    issuer: OIDC_ISSUER,
    clientId,
    clientSecret: client?.secret ?? "",
    audience: OIDC_AUDIENCE,
    scope: "mysql:connect",
  });
  return given.accessToken;
}

/** A different run each time: an agent's work is not a script. */
export function freshRandom(): Random {
  return createRandom(Date.now() & 0xffff_ffff);
}

/** Thinks for a moment, or returns at once when the time is over. */
export async function think(assignment: Assignment, lowMs: number, highMs: number): Promise<void> {
  try {
    await delay(assignment.random.int(lowMs, highMs), undefined, { signal: assignment.signal });
  } catch {
    // The demo's time is over.
  }
}

/** What takes longer waits for a person. */
const PATIENCE_MS = 3_000;

/** What the work gives; or, when a person has to decide first, that it waits: the agent goes on, and tells the end when it comes. */
export async function goOnMeanwhile({ signal, say }: Assignment, work: Promise<string>, what: string): Promise<string> {
  const waits = delay(PATIENCE_MS, null, { signal }).catch(() => null);
  const first = await Promise.race([work, waits]);
  if (first !== null) return first;
  work.then(
    (end) => signal.aborted || say(end),
    (error: unknown) => signal.aborted || say(`${what}: ${error instanceof Error ? error.message : String(error)}`),
  );
  return `${what}: waits for a person to approve it, and goes on meanwhile`;
}
