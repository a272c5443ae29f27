import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureTls, tlsFiles } from "./tls";

const DAY_MS = 86_400_000;

describe("the embedded default's certificates", () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "sallyport-tls-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const read = (name: keyof ReturnType<typeof tlsFiles>) => readFileSync(tlsFiles(dataDir)[name], "utf8");
  const leaf = () => new X509Certificate(read("chain"));

  it.each(["localhost", "127.0.0.1"])("are trusted by a client that knows the CA and connects to %s", async (host) => {
    await ensureTls(dataDir);
    const server = createServer({ cert: read("chain"), key: read("key") }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    const protocol = await new Promise((resolve, reject) => {
      const socket = connect({ host, port, ca: read("ca") }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(protocol).toBe("TLSv1.3");
    await new Promise((resolve) => server.close(resolve));
  });

  it("send the whole chain and name the issuer's key", async () => {
    await ensureTls(dataDir);
    expect(read("chain").match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const authority = new X509Certificate(read("ca"));
    expect(leaf().checkIssued(authority)).toBe(true);
    expect(authority.ca).toBe(true);
    // The extension's identifier (2.5.29.35) in DER.
    expect(leaf().raw.includes(Buffer.from("0603551d23", "hex"))).toBe(true);
  });

  it("stay as they are until 30 days before their end, then are renewed under the same CA", async () => {
    expect(await ensureTls(dataDir)).toBe(true);
    const [ca, chain] = [read("ca"), read("chain")];
    expect(await ensureTls(dataDir)).toBe(false);
    expect(read("chain")).toBe(chain);

    const later = new Date(Date.parse(leaf().validTo) - 29 * DAY_MS);
    expect(await ensureTls(dataDir, later)).toBe(true);
    expect(read("ca")).toBe(ca);
    expect(Date.parse(leaf().validTo)).toBeGreaterThan(later.getTime() + 300 * DAY_MS);
  });

  it("get a new CA when the old one cannot sign a full term any more", async () => {
    await ensureTls(dataDir);
    const ca = read("ca");
    await ensureTls(dataDir, new Date(Date.now() + 3500 * DAY_MS));
    expect(read("ca")).not.toBe(ca);
  });

  it("keep private keys to their owner", async () => {
    await ensureTls(dataDir);
    expect(statSync(tlsFiles(dataDir).key).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, "tls", "ca-key.pem")).mode & 0o777).toBe(0o600);
  });
});
