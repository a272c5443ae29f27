import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../mariadb.mjs";
import { FormBrowser } from "../testing/form-browser";
import { DEVICE_CLIENT, type IdpSettings, OTHER_API } from "./configuration";
import { loadKeys } from "./keys";
import { DEMO_CLIENTS, parseMachineClients } from "./machine-clients";
import { type DevIdp, startDevIdp } from "./server";

const AUDIENCE = "urn:sallyport";
const CONSOLE = { id: "sallyport-console", secret: "console-secret-of-the-test", url: "http://localhost:3999" };
const CALLBACK = `${CONSOLE.url}/api/auth/callback/oidc`;

describe("the development IdP", () => {
  let folder: string;
  let settings: IdpSettings;
  let idp: DevIdp;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-idp-"));
    settings = {
      port: await freePort(),
      console: CONSOLE,
      audience: AUDIENCE,
      groupsClaim: "groups",
      clients: [...DEMO_CLIENTS, ...parseMachineClients("report-agent:s3cret:agents+finance")],
      keys: await loadKeys(join(folder, "keys.json")),
    };
    idp = await startDevIdp(settings);
  });
  afterAll(async () => {
    await idp.close();
    rmSync(folder, { recursive: true });
  });

  /** Posts a form, optionally with client authentication. */
  const post = async (path: string, fields: Record<string, string>, client?: { id: string; secret: string }) => {
    const basic = client && Buffer.from(`${client.id}:${client.secret}`).toString("base64");
    const response = await fetch(`${idp.issuer}${path}`, {
      method: "POST",
      headers: basic === undefined ? {} : { authorization: `Basic ${basic}` },
      body: new URLSearchParams(fields),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const machineToken = (client: { id: string; secret: string }, resource = AUDIENCE) =>
    post("/token", { grant_type: "client_credentials", resource, scope: "mysql:connect" }, client);
  const verify = async (token: string | undefined, audience = AUDIENCE) => {
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
    return (await jwtVerify(token ?? "", keys, { issuer: idp.issuer, audience })).payload;
  };

  it("gives the demo's agents signed access tokens for the gateway", async () => {
    const { body } = await machineToken({ id: "orders-agent", secret: "orders-agent-secret" });
    expect(decodeProtectedHeader(body.access_token ?? "").typ).toBe("at+jwt");
    expect(await verify(body.access_token)).toMatchObject({
      sub: "orders-agent",
      client_id: "orders-agent",
      scope: "mysql:connect",
      groups: ["agents"],
    });
  });

  it("knows the clients of DEV_IDP_CLIENTS and their groups", async () => {
    const { body } = await machineToken({ id: "report-agent", secret: "s3cret" });
    expect(await verify(body.access_token)).toMatchObject({ sub: "report-agent", groups: ["agents", "finance"] });
  });

  it("gives a token of another audience for another API only", async () => {
    const { body } = await machineToken({ id: "orders-agent", secret: "orders-agent-secret" }, OTHER_API);
    expect(await verify(body.access_token, OTHER_API)).toMatchObject({ aud: OTHER_API });
    await expect(verify(body.access_token)).rejects.toThrow(/aud/);
  });

  it("refuses a wrong secret and an unknown resource", async () => {
    const wrong = await machineToken({ id: "orders-agent", secret: "wrong" });
    expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    const unknown = await machineToken({ id: "orders-agent", secret: "orders-agent-secret" }, "urn:unknown");
    expect(unknown).toMatchObject({ status: 400, body: { error: "invalid_target" } });
  });

  it("signs a person in to the console with one click, and out with one click", async () => {
    const browser = new FormBrowser();
    const verifier = randomBytes(32).toString("base64url");
    await browser.open(authorizationUrl(verifier));
    expect(browser.text).toContain("Ada Admin");
    await browser.submit(/\/login"/, { sub: "rita" }, [CONSOLE.url]);
    const landed = new URL(browser.url);
    expect(`${landed.origin}${landed.pathname}`).toBe(CALLBACK);
    expect(landed.searchParams.get("state")).toBe("the-state");

    const { body } = await post(
      "/token",
      {
        grant_type: "authorization_code",
        code: landed.searchParams.get("code") ?? "",
        redirect_uri: CALLBACK,
        code_verifier: verifier,
      },
      CONSOLE,
    );
    const facts = { sub: "rita", email: "rita@example.com", groups: ["sallyport-reviewers", "dba"] };
    expect(await verify(body.id_token, CONSOLE.id)).toMatchObject(facts);
    const userinfo = await fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${body.access_token}` } });
    expect(await userinfo.json()).toMatchObject(facts);
    await expect(verify(body.access_token)).rejects.toThrow();

    const query = new URLSearchParams({
      id_token_hint: body.id_token ?? "",
      post_logout_redirect_uri: `${CONSOLE.url}/sign-in`,
    });
    await browser.open(`${idp.issuer}/session/end?${query}`);
    await browser.submit(/op\.logoutForm/, { logout: "yes" }, [CONSOLE.url]);
    expect(browser.url).toBe(`${CONSOLE.url}/sign-in`);
    await browser.open(authorizationUrl(verifier));
    expect(browser.text).toContain("Choose who you are");
  });

  it("demands PKCE of the console and accepts no other redirect address", async () => {
    const browser = new FormBrowser();
    const bare = new URL(authorizationUrl("x"));
    bare.searchParams.delete("code_challenge");
    await browser.open(bare.href, {}, [CONSOLE.url]);
    expect(new URL(browser.url).searchParams.get("error")).toBe("invalid_request");
    const elsewhere = new URL(authorizationUrl("x"));
    elsewhere.searchParams.set("redirect_uri", "http://localhost:3998/api/auth/callback/oidc");
    await browser.open(elsewhere.href);
    expect(browser.status).toBe(400);
  });

  it("gives a person a token for the gateway through the device page, after consent, and refreshes it", async () => {
    const scope = "openid offline_access mysql:connect";
    const { body: device } = await post("/device/auth", { client_id: DEVICE_CLIENT, resource: AUDIENCE, scope });
    const exchange = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: device.device_code ?? "",
      client_id: DEVICE_CLIENT,
    };
    expect((await post("/token", exchange)).body.error).toBe("authorization_pending");

    const browser = new FormBrowser();
    await browser.open(device.verification_uri ?? "");
    await browser.submit(/user_code/, { user_code: "WRNG-CODE" });
    expect(browser.text).toContain("There is no such code");
    await browser.submit(/user_code/, { user_code: device.user_code ?? "" });
    expect(browser.text).toContain(device.user_code ?? "");
    await browser.submit(/op\.deviceConfirmForm/);
    await browser.submit(/\/login"/, { sub: "otto" });
    expect(browser.text).toContain("connect to databases through Sallyport as you");
    await browser.submit(/\/consent"/);
    expect(browser.text).toContain("Device connected");

    const { body: tokens } = await post("/token", exchange);
    const facts = { sub: "otto", client_id: DEVICE_CLIENT, groups: ["sallyport-reviewers"], email: "otto@example.com" };
    expect(await verify(tokens.access_token)).toMatchObject(facts);
    const refreshed = await post("/token", {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token ?? "",
      client_id: DEVICE_CLIENT,
    });
    expect(await verify(refreshed.body.access_token)).toMatchObject(facts);
  });

  it("sends a strict content security policy and answers to no other host name", async () => {
    const browser = await fetch(authorizationUrl("x"));
    const policy = browser.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-inline");
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(
        { port: settings.port, host: "127.0.0.1", path: "/jwks", headers: { host: "evil.example" } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end();
    });
    expect(status).toBe(421);
  });

  it("keeps its keys over a restart, in a file of its owner's only", async () => {
    const again = await loadKeys(join(folder, "keys.json"));
    expect(again).toEqual(settings.keys);
    expect(statSync(join(folder, "keys.json")).mode & 0o777).toBe(0o600);
  });

  function authorizationUrl(verifier: string): string {
    const query = new URLSearchParams({
      client_id: CONSOLE.id,
      response_type: "code",
      redirect_uri: CALLBACK,
      scope: "openid profile email groups",
      state: "the-state",
      nonce: "the-nonce",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    return `${idp.issuer}/auth?${query}`;
  }
});
