import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { selfSigned } from "@/e2e/support/certificate";

const CONSOLE = {
  OIDC_CLIENT_ID: "c",
  OIDC_CLIENT_SECRET: "s",
  AUTH_SECRET: "x".repeat(32),
  CONSOLE_URL: "https://console.example.com",
};

describe("where agents find the gateway", () => {
  const dir = mkdtempSync(join(tmpdir(), "sallyport-test-endpoint-"));
  const file = (name: string) => join(dir, name);
  let made: { certificate: string; key: string };

  beforeAll(async () => {
    made = await selfSigned("Test CA");
    writeFileSync(file("ca.pem"), made.certificate);
    writeFileSync(file("with-key.pem"), `${made.key}\n${made.certificate}`);
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** The environment is read once per process, so each case loads the module anew. */
  async function endpoint(variables: Record<string, string>) {
    vi.resetModules();
    for (const [name, value] of Object.entries({ ...CONSOLE, GATEWAY_HOST: "127.0.0.1", ...variables })) {
      vi.stubEnv(name, value);
    }
    return (await import("./gateway-endpoint")).gatewayEndpoint();
  }

  it("gives the private authority's certificate and where it is", async () => {
    const found = await endpoint({ GATEWAY_TLS_CA: file("ca.pem"), GATEWAY_PORT: "3399" });
    expect(found).toMatchObject({
      host: "127.0.0.1",
      port: 3399,
      trust: "private",
      authority: { subject: "CN=Test CA", path: file("ca.pem") },
    });
  });

  it("never gives away a private key that stands in the same file", async () => {
    const found = await endpoint({ GATEWAY_TLS_CA: file("with-key.pem") });
    expect(found.authority?.pem).toContain("BEGIN CERTIFICATE");
    expect(JSON.stringify(found)).not.toContain("PRIVATE KEY");
  });

  it("takes the authority from the end of the gateway's own chain", async () => {
    const found = await endpoint({ GATEWAY_TLS_CERT: file("ca.pem") });
    expect(found).toMatchObject({ trust: "private", authority: { path: null } });
  });

  it("says that it does not know when it was told nothing, or the file is not there", async () => {
    expect(await endpoint({})).toMatchObject({ trust: "unknown", authority: null });
    expect(await endpoint({ GATEWAY_TLS_CA: file("absent.pem") })).toMatchObject({ trust: "unknown" });
  });

  it("names the console's host where the gateway listens on every address, or the name it was given", async () => {
    expect((await endpoint({ GATEWAY_HOST: "0.0.0.0" })).host).toBe("console.example.com");
    expect((await endpoint({ GATEWAY_PUBLIC_HOST: "db.example.com" })).host).toBe("db.example.com");
  });
});
