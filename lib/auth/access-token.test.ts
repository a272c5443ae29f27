import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccessTokenVerifier, createAccessTokenVerifier } from "./access-token";

const AUDIENCE = "urn:sallyport";

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
function makeKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

/** A real HTTP issuer whose published keys and health the tests change. */
const issuer = {
  server: null as Server | null,
  url: "",
  keys: [] as SigningKey[],
  down: false,
  keyRequests: 0,
};

const first = makeKey("k1");
const second = makeKey("k2");
const foreign = makeKey("k1");

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    if (issuer.down) {
      response.writeHead(503).end("down");
      return;
    }
    response.setHeader("content-type", "application/json");
    if (request.url === "/.well-known/openid-configuration") {
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }));
      return;
    }
    issuer.keyRequests++;
    const keys = await Promise.all(
      issuer.keys.map(async (key) => ({ ...(await exportJWK(key.publicKey)), kid: key.kid, use: "sig", alg: "RS256" })),
    );
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer.server = server;
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => issuer.server?.close(resolve)));

let verifier: AccessTokenVerifier;
beforeEach(() => {
  issuer.keys = [first];
  issuer.down = false;
  issuer.keyRequests = 0;
  verifier = makeVerifier();
});
function makeVerifier(keyTimes = { cooldown: 0 } as { cooldown?: number; fresh?: number; usable?: number }) {
  return createAccessTokenVerifier({ issuer: issuer.url, audience: AUDIENCE, groupsClaim: "groups", keyTimes });
}

const now = () => Math.floor(Date.now() / 1000);
function claimsWith(changes: Record<string, unknown> = {}): JWTPayload {
  return {
    iss: issuer.url,
    sub: "orders-agent",
    client_id: "orders-agent",
    aud: AUDIENCE,
    iat: now(),
    exp: now() + 600,
    ...changes,
  };
}
function sign(claims: JWTPayload, key: SigningKey = first, header: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: key.kid, ...header })
    .sign(key.privateKey);
}
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a valid access token", () => {
  it("gives the facts of a machine client", async () => {
    const facts = await verifier.verify(await sign(claimsWith({ groups: ["agents", "agents"] })));
    expect(facts).toMatchObject({
      issuer: issuer.url,
      subject: "orders-agent",
      clientId: "orders-agent",
      groups: ["agents"],
      email: null,
      name: "orders-agent",
      kind: "machine",
    });
    expect(facts.expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it("gives the facts of a person, with the client in azp", async () => {
    const facts = await verifier.verify(
      await sign(claimsWith({ sub: "u-1", client_id: undefined, azp: "cli", name: "Ann", email: "ann@example.com" })),
    );
    expect(facts).toMatchObject({
      subject: "u-1",
      clientId: "cli",
      email: "ann@example.com",
      name: "Ann",
      kind: "person",
    });
  });

  it("is accepted with one of several audiences, and within the clock tolerance of nbf", async () => {
    await expect(
      verifier.verify(await sign(claimsWith({ aud: ["other", AUDIENCE], nbf: now() + 10 }))),
    ).resolves.toBeDefined();
  });

  it("never yields an e-mail address that the IdP says is unverified", async () => {
    const facts = await verifier.verify(await sign(claimsWith({ email: "boss@example.com", email_verified: false })));
    expect(facts.email).toBeNull();
  });
});

describe("a bad access token is refused with the check that failed", () => {
  it.each<[string, () => Promise<string> | string, RegExp]>([
    ["no token", () => "", /No access token was given/],
    ["a database password", () => "hunter2", /not a JWT access token/],
    ["alg none", () => `${segment({ alg: "none" })}.${segment(claimsWith())}.`, /algorithm none is not allowed/],
    [
      "HS256 signed with the public key",
      () =>
        new SignJWT(claimsWith())
          .setProtectedHeader({ alg: "HS256", kid: "k1" })
          .sign(Buffer.from(first.publicKey.export({ type: "spki", format: "pem" }))),
      /algorithm HS256 is not allowed/,
    ],
    ["another issuer's name", () => sign(claimsWith({ iss: "https://evil.example" })), /another issuer \(iss\)/],
    ["the issuer with a slash more", () => sign(claimsWith({ iss: `${issuer.url}/` })), /another issuer \(iss\)/],
    ["another audience", () => sign(claimsWith({ aud: "sallyport-console" })), /aud is not urn:sallyport/],
    ["no audience", () => sign(claimsWith({ aud: undefined })), /no aud claim/],
    ["expired long ago", () => sign(claimsWith({ exp: now() - 3600 })), /expired at 20/],
    ["expired a second ago", () => sign(claimsWith({ exp: now() - 1 })), /expired at 20/],
    ["no expiry", () => sign(claimsWith({ exp: undefined })), /no exp claim/],
    ["not valid yet", () => sign(claimsWith({ nbf: now() + 300 })), /not valid yet \(nbf\)/],
    ["no subject", () => sign(claimsWith({ sub: undefined })), /no sub claim/],
    ["an unknown key id", () => sign(claimsWith(), makeKey("k9")), /signing key is not one of/],
    ["another key under a known id", () => sign(claimsWith(), foreign), /signature is wrong/],
    [
      "a critical header nobody knows",
      () => sign(claimsWith(), first, { crit: ["x"], x: 1 }).catch(() => critToken()),
      /malformed/,
    ],
    [
      "an ID token by its at_hash",
      () => sign(claimsWith({ at_hash: "abc" }), first, { typ: "JWT" }),
      /not an access token/,
    ],
    ["a logout token by its type", () => sign(claimsWith(), first, { typ: "logout+jwt" }), /not an access token/],
    ["Keycloak's ID token", () => sign(claimsWith({ typ: "ID" }), first, { typ: "JWT" }), /not an access token/],
    ["a 1.5 MiB token", () => "x".repeat(1_572_864), /larger than 64 KiB/],
    [
      "groups that are not a list",
      () => sign(claimsWith({ groups: { admin: true } })),
      /groups claim that is not a list/,
    ],
    [
      "groups overage",
      () => sign(claimsWith({ _claim_names: { groups: "src1" }, _claim_sources: { src1: {} } })),
      /too many \(groups overage\)/,
    ],
  ])("%s", async (_name, make, message) => {
    const token = await make();
    const error = await verifier.verify(token).then(
      () => null,
      (caught) => caught,
    );
    expect(error).toMatchObject({
      name: "SallyportError",
      code: "LOGIN_REFUSED",
      message: expect.stringMatching(message),
    });
    expect(error.next).toEqual(expect.any(String));
    if (token.length > 20) {
      expect(`${error.message} ${error.next}`).not.toContain(token.slice(0, 20));
    }
  });

  it("tampered claims under the old signature", async () => {
    const [header, , signature] = (await sign(claimsWith())).split(".");
    const token = `${header}.${segment(claimsWith({ sub: "admin", client_id: "admin" }))}.${signature}`;
    await expect(verifier.verify(token)).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining("signature is wrong"),
    });
  });

  /** jose's signer refuses to make such a token, so this one is put together by hand. */
  function critToken(): string {
    return `${segment({ alg: "RS256", kid: "k1", crit: ["x"], x: 1 })}.${segment(claimsWith())}.AAAA`;
  }
});

describe("the issuer's keys", () => {
  it("are fetched again when a rotation brings a new key, and the old key stops working once it is withdrawn", async () => {
    await verifier.verify(await sign(claimsWith()));
    issuer.keys = [second];
    await verifier.verify(await sign(claimsWith(), second));
    await expect(verifier.verify(await sign(claimsWith()))).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
  });

  it("are fetched once for many logins at the same time", async () => {
    const token = await sign(claimsWith());
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(issuer.keyRequests).toBe(1);
  });

  it("are not fetched for each made-up key id", async () => {
    const slow = makeVerifier({ cooldown: 60_000 });
    await slow.verify(await sign(claimsWith()));
    const token = await sign(claimsWith(), makeKey("made-up"));
    await Promise.allSettled(Array.from({ length: 20 }, () => slow.verify(token)));
    await expect(slow.verify(token)).rejects.toMatchObject({ message: expect.stringContaining("signing key") });
    expect(issuer.keyRequests).toBe(1);
  });

  it("outlive an outage of the issuer for known keys; an unknown key is then UNAVAILABLE, not refused", async () => {
    const token = await sign(claimsWith());
    await verifier.verify(token);
    issuer.down = true;
    await expect(verifier.verify(token)).resolves.toBeDefined();
    await expect(verifier.verify(await sign(claimsWith(), second))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("are not used for ever while the issuer is down", async () => {
    const strict = makeVerifier({ cooldown: 0, usable: -1 });
    const token = await sign(claimsWith());
    await strict.verify(token);
    issuer.down = true;
    await expect(strict.verify(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("make the first login wait for nothing but a clear answer when the issuer is down, and work once it is back", async () => {
    issuer.down = true;
    const token = await sign(claimsWith());
    await expect(verifier.verify(token)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("answered 503"),
    });
    issuer.down = false;
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });

  it("are refused from a provider that calls itself by another name", async () => {
    const other = createAccessTokenVerifier({
      issuer: issuer.url.replace("127.0.0.1", "localhost"),
      audience: AUDIENCE,
      groupsClaim: "groups",
    });
    await expect(other.warm()).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("calls itself"),
    });
  });
});
