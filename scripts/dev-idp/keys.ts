import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { writePrivate } from "../launch/data-dir.mjs";

/** What the IdP signs with. Kept in a file, so that tokens stay valid over a restart. */
export interface IdpKeys {
  /** Private JSON Web Keys. */
  readonly jwks: { readonly keys: JWK[] };
  /** Secrets that sign the IdP's cookies. */
  readonly cookieKeys: string[];
}

/** Reads the keys from the file, or makes them and writes it (mode 0600). */
export async function loadKeys(path: string): Promise<IdpKeys> {
  if (existsSync(path)) {
    return JSON.parse(readFileSync(path, "utf8"));
  }
  const { privateKey } = await generateKeyPair("RS256", { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  const keys: IdpKeys = {
    jwks: { keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: "RS256", use: "sig" }] },
    cookieKeys: [randomBytes(32).toString("hex")],
  };
  writePrivate(path, JSON.stringify(keys));
  return keys;
}
