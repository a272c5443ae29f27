import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importJWK, type JWK, SignJWT, UnsecuredJWT } from "jose";
import type { Product } from "./product";

/** The demo's machine clients; the secret is `<id>-secret` (contracts.md). */
export type MachineClientId = "orders-agent" | "support-agent" | "stock-agent" | "e2e-agent";

/** A real access token from the IdP by client credentials, for the gateway or another API. */
export async function accessToken(
  product: Product,
  client: MachineClientId,
  resource = product.audience,
): Promise<string> {
  const response = await fetch(`${product.issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString("base64")}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource,
      ...(resource === product.audience ? { scope: "mysql:connect" } : {}),
    }),
  });
  const body: { access_token?: string; error_description?: string } = await response.json();
  if (body.access_token === undefined) {
    throw new Error(`the IdP gives no token: ${body.error_description ?? response.status}`);
  }
  return body.access_token;
}

/** What a real token of the client says, with changes. */
function claims(product: Product, changes: Record<string, unknown>): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: product.issuer,
    sub: "orders-agent",
    client_id: "orders-agent",
    aud: product.audience,
    scope: "mysql:connect",
    iat: now,
    exp: now + 600,
    jti: crypto.randomUUID(),
    ...changes,
  };
}

/** A token with the IdP's own signature and claims that it would not give, e.g. one that has expired. */
export async function signedToken(product: Product, changes: Record<string, unknown>): Promise<string> {
  const { jwks }: { jwks: { keys: (JWK & { kid: string; alg: string })[] } } = JSON.parse(
    readFileSync(join(product.dataDir, "idp-keys.json"), "utf8"),
  );
  const [key] = jwks.keys;
  if (key === undefined) throw new Error("the IdP has no key");
  return new SignJWT(claims(product, changes))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "at+jwt" })
    .sign(await importJWK(key, key.alg));
}

/** The same without a signature. */
export function unsignedToken(product: Product): string {
  return new UnsecuredJWT(claims(product, {})).encode();
}
