import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "@/e2e/support/store";
import type { TlsMode } from "@/lib/connections/model";
import { ensureTls, tlsFiles } from "@/scripts/embedded/tls";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import { CAPABILITY, COMMAND } from "../protocol/constants";
import type { UpstreamTarget } from "../session/ports";
import { LoginChannel } from "../socket/login-channel";
import { connectUpstream } from "./connect";

const NO_CLIENT = { schema: null, collation: 45, capabilities: 0 };

describe("logging in upstream", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sallyport-upstream-"));
  const files = tlsFiles(dataDir);
  let secure: Awaited<ReturnType<typeof startMariadb>>;
  let ca: string;

  beforeAll(async () => {
    await ensureTls(dataDir);
    ca = readFileSync(files.ca, "utf8");
    secure = await startMariadb({
      dataDir: join(dataDir, "db"),
      port: await freePort(),
      initSql:
        "CREATE USER IF NOT EXISTS 'test'@'%' IDENTIFIED BY 'test' REQUIRE SSL;\nCREATE USER IF NOT EXISTS 'ed'@'%' IDENTIFIED VIA unix_socket;",
      extraArgs: [`--ssl-cert=${files.chain}`, `--ssl-key=${files.key}`],
    });
  });
  afterAll(async () => {
    await secure.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const target = (tls: TlsMode, changes: Partial<UpstreamTarget> = {}): UpstreamTarget => ({
    host: "127.0.0.1",
    port: secure.port,
    user: "test",
    password: "test",
    tls,
    ca: null,
    ...changes,
  });

  /** Whether the server itself says that this connection is encrypted. */
  async function usesTls(login: UpstreamTarget): Promise<boolean> {
    const upstream = await connectUpstream({ target: login, ...NO_CLIENT });
    const channel = LoginChannel.over(upstream.wire, 65_536);
    channel.send(Buffer.concat([Buffer.of(COMMAND.QUERY), Buffer.from("SHOW STATUS LIKE 'Ssl_cipher'")]));
    let row = "";
    for (let packet = 0; packet < 5; packet += 1) {
      const payload = await channel.read();
      row = packet === 4 ? payload.toString("latin1") : row;
    }
    upstream.wire.destroy();
    return row.length > 12;
  }

  it.each(["preferred", "required"] as const)("uses TLS in mode %s, without checking the certificate", async (mode) => {
    expect(await usesTls(target(mode))).toBe(true);
  });

  it("does without TLS in mode preferred only where the server does not offer it", async () => {
    const plain = { ...testServer(), ca: null };
    expect(await usesTls({ ...plain, tls: "preferred" })).toBe(false);
    await expect(usesTls({ ...plain, tls: "required" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("uses no TLS in mode disabled, even where the account demands it", async () => {
    await expect(usesTls(target("disabled"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await usesTls({ ...testServer(), ca: null, tls: "disabled" })).toBe(false);
  });

  it("checks authority and name as the mode says", async () => {
    expect(await usesTls(target("verify-ca", { ca }))).toBe(true);
    expect(await usesTls(target("verify-full", { ca }))).toBe(true);
    expect(await usesTls(target("verify-full", { ca, host: "localhost" }))).toBe(true);
    await expect(usesTls(target("verify-ca"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(usesTls(target("verify-full"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    // 127.0.0.2 is not among the certificate's names.
    const elsewhere = { ca, host: "127.0.0.2" };
    await expect(usesTls(target("verify-full", elsewhere))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("tells thread id, version and schema, and asks for what shapes results as the client did", async () => {
    const upstream = await connectUpstream({
      target: { ...testServer(), tls: "disabled", ca: null },
      schema: "mysql",
      collation: 45,
      capabilities:
        CAPABILITY.DEPRECATE_EOF | CAPABILITY.FOUND_ROWS | CAPABILITY.LOCAL_FILES | CAPABILITY.MULTI_STATEMENTS,
    });
    expect(upstream.threadId).toBeGreaterThan(0);
    expect(upstream.serverVersion).toContain("MariaDB");
    expect(upstream.schema).toBe("mysql");
    expect(upstream.capabilities & CAPABILITY.DEPRECATE_EOF).not.toBe(0);
    expect(upstream.capabilities & CAPABILITY.FOUND_ROWS).not.toBe(0);
    expect(upstream.capabilities & (CAPABILITY.LOCAL_FILES | CAPABILITY.MULTI_STATEMENTS)).toBe(0);
    upstream.wire.destroy();
  });

  it("names no account in what it says about a refused login", async () => {
    const wrong = { ...testServer(), user: "test", password: "wrong-secret", tls: "disabled", ca: null } as const;
    const failure = await connectUpstream({ target: wrong, ...NO_CLIENT }).catch((error: Error) => error);
    expect(failure).toMatchObject({
      code: "UNAVAILABLE",
      message: "The upstream refused the gateway's login with error 1045",
    });
    expect(String(failure)).not.toContain("wrong-secret");
  });

  it("fails within its time when nobody answers", async () => {
    const dead = { ...testServer(), port: await freePort(), tls: "disabled", ca: null } as const;
    await expect(connectUpstream({ target: dead, ...NO_CLIENT })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
