import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { desc, eq } from "drizzle-orm";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { selfSigned } from "@/e2e/support/certificate";
import { createTestStore, type TestStore, testServer } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import { createConnection } from "../create-connection";
import { getConnection } from "../get-connection";
import type { StepResult } from "./steps";
import { testConnection } from "./test-connection";

type TestInput = Parameters<typeof testConnection>[1];
type Fields = NonNullable<TestInput["fields"]>;

describe("the stepwise connection test", () => {
  let store: TestStore;
  let secureServer: Awaited<ReturnType<typeof startMariadb>>;
  let certificate: string;
  let stranger: string;
  const dataDir = mkdtempSync(join(tmpdir(), "sallyport-test-tls-"));

  beforeAll(async () => {
    vi.stubEnv("SALLYPORT_MASTER_KEY", randomBytes(32).toString("base64"));
    store = await createTestStore();
    const made = await selfSigned("db.test");
    certificate = made.certificate;
    stranger = (await selfSigned("other")).certificate;
    writeFileSync(join(dataDir, "cert.pem"), made.certificate);
    writeFileSync(join(dataDir, "key.pem"), made.key, { mode: 0o600 });
    secureServer = await startMariadb({
      dataDir: join(dataDir, "data"),
      port: await freePort(),
      initSql:
        "CREATE USER IF NOT EXISTS 'test'@'%' IDENTIFIED BY 'test';\nGRANT SELECT ON information_schema.* TO 'test'@'%';",
      extraArgs: [
        "--bind-address=127.0.0.1,127.0.0.2",
        `--ssl-cert=${join(dataDir, "cert.pem")}`,
        `--ssl-key=${join(dataDir, "key.pem")}`,
      ],
    });
    const admin = await mysql.createConnection(testServer());
    await admin.query("CREATE DATABASE IF NOT EXISTS step_test");
    await admin.query("CREATE OR REPLACE USER 'modest'@'127.0.0.1' IDENTIFIED BY 'modest'");
    await admin.query("GRANT SELECT ON step_test.* TO 'modest'@'127.0.0.1'");
    await admin.end();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await secureServer?.stop();
    await store?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** A fresh admin each time, so that the rate limit counts each test for itself. */
  const admin = (): Ctx => ({
    actor: { kind: "person", id: newId(), name: "Rita", roles: ["admin"], address: null },
    requestId: "r",
    db: store.db,
  });

  async function run(input: TestInput, ctx = admin()): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for await (const result of await testConnection(ctx, input)) results.push(result);
    return results;
  }
  const plain = (over: Partial<Fields> = {}): TestInput => ({
    fields: { host: "127.0.0.1", port: testServer().port, user: "modest", tls: "disabled", ...over },
    password: "modest",
  });
  const secure = (over: Partial<Fields> = {}): TestInput => ({
    fields: { host: "127.0.0.1", port: secureServer.port, user: "test", tls: "required", ...over },
    password: "test",
  });
  const statuses = (results: readonly StepResult[]) => results.map((one) => `${one.step} ${one.status}`);
  const failure = (results: readonly StepResult[]) => results.find((one) => one.status === "failed");
  const afterFailure = (results: readonly StepResult[]) =>
    results.slice(results.findIndex((one) => one.status === "failed") + 1).every((one) => one.status === "skipped");
  const lastAudit = async () =>
    (
      await store.db
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.action, "connection.tested"))
        .orderBy(desc(auditEvents.id))
    )[0];

  it("passes every step of a good connection and measures the latency", async () => {
    const results = await run(plain({ schema: "step_test" }));
    expect(statuses(results)).toEqual([
      "dns ok",
      "tcp ok",
      "tls skipped",
      "login ok",
      "version ok",
      "privileges ok",
      "latency ok",
    ]);
    expect(results.find((one) => one.step === "version")?.summary).toMatch(/^MariaDB 1\d\.\d+/);
    expect(results.at(-1)?.latencyMs).toBeGreaterThan(0);
  });

  it("warns of an account that may do anything, without its password hash", async () => {
    const results = await run({ ...plain({ user: "test" }), password: "test" });
    const found = results.find((one) => one.step === "privileges");
    expect(found).toMatchObject({ status: "warning" });
    expect(found?.notes[0]).toContain("ALL PRIVILEGES on everything");
    expect(found?.notes[1]).toContain("GRANT OPTION");
    expect(JSON.stringify(results)).not.toMatch(/IDENTIFIED|\*[0-9A-F]{40}/);
  });

  it("stops at the login for a wrong password, and never repeats the password", async () => {
    const results = await run({ ...plain(), password: "wrong-Pw-99" });
    expect(failure(results)).toMatchObject({ step: "login", summary: expect.stringContaining("1045") });
    expect(afterFailure(results)).toBe(true);
    expect(JSON.stringify([results, await lastAudit()])).not.toContain("wrong-Pw-99");
  });

  it("names a missing schema and one the account may not use", async () => {
    expect(failure(await run(plain({ schema: "nowhere" })))?.summary).toMatch(
      /no schema nowhere|may not use the schema nowhere/,
    );
    expect(failure(await run({ ...plain({ user: "test", schema: "nowhere" }), password: "test" }))?.summary).toContain(
      "1049",
    );
  });

  it("says that nothing listens on a closed port", async () => {
    const results = await run(plain({ port: await freePort() }));
    expect(failure(results)).toMatchObject({ step: "tcp", summary: expect.stringContaining("refused") });
    expect(failure(results)?.remedy).toContain("bind-address");
  });

  it("says that a host is unknown", async () => {
    const results = await run(plain({ host: "no-such-host.invalid" }));
    expect(failure(results)).toMatchObject({ step: "dns", summary: expect.stringContaining("no-such-host.invalid") });
  });

  it("tells a server of another protocol apart and repeats nothing it said", async () => {
    const server: Server = createServer((socket) => socket.end("SSH-2.0-secret-banner\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const results = await run(plain({ port: typeof address === "object" ? (address?.port ?? 0) : 0 }));
    server.close();
    expect(failure(results)).toMatchObject({ step: "tcp", summary: expect.stringContaining("does not speak MySQL") });
    expect(JSON.stringify(results)).not.toContain("secret-banner");
  });

  it("refuses cloud metadata addresses before any byte is sent", async () => {
    await expect(run(plain({ host: "169.254.169.254" }))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "fields.host", message: expect.stringContaining("metadata") }],
    });
  });

  it.each(["required", "verify-ca", "verify-full"] as const)("fails mode %s where no TLS is offered", async (tls) => {
    const results = await run(plain({ tls }));
    expect(failure(results)).toMatchObject({ step: "tls", summary: expect.stringContaining("offers no TLS") });
    expect(afterFailure(results)).toBe(true);
  });

  it("warns when preferred falls back to clear text", async () => {
    const results = await run(plain({ tls: "preferred" }));
    expect(results[2]).toMatchObject({ step: "tls", status: "warning", summary: expect.stringContaining("in clear") });
    expect(failure(results)).toBeUndefined();
  });

  it("shows the certificate in modes that do not verify, and logs in over TLS", async () => {
    const results = await run(secure());
    expect(results[2]).toMatchObject({
      status: "warning",
      certificate: { subject: "db.test", names: expect.stringContaining("localhost") },
    });
    expect(results[3]).toMatchObject({ step: "login", status: "ok" });
  });

  it.each(["verify-ca", "verify-full"] as const)(
    "fails %s for a self-signed certificate that is not given",
    async (tls) => {
      const found = failure(await run(secure({ tls })));
      expect(found).toMatchObject({ step: "tls", summary: expect.stringContaining("signed by itself") });
      expect(found?.certificate?.subject).toBe("db.test");
    },
  );

  it("fails for a certificate authority that did not sign it", async () => {
    expect(failure(await run(secure({ tls: "verify-ca", ca: stranger })))?.step).toBe("tls");
  });

  it.each(["127.0.0.1", "localhost"])("verifies %s against the given authority", async (host) => {
    const results = await run(secure({ tls: "verify-full", ca: certificate, host }));
    expect(results.slice(0, 4).map((one) => one.status)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(results[2]?.summary).toContain("verified against the given authority");
  });

  it("fails verify-full, not verify-ca, when the certificate is for another host", async () => {
    const host = "127.0.0.2";
    const strict = failure(await run(secure({ tls: "verify-full", ca: certificate, host })));
    expect(strict).toMatchObject({ step: "tls", summary: expect.stringContaining("for another host") });
    expect(failure(await run(secure({ tls: "verify-ca", ca: certificate, host })))).toBeUndefined();
  });

  it("tests a stored connection with its stored password and remembers the outcome", async () => {
    const ctx = admin();
    const made = await createConnection(ctx, {
      name: "stored-one",
      host: "127.0.0.1",
      port: testServer().port,
      user: "modest",
      password: "modest",
    });
    const results = await run({ connectionId: made.id }, ctx);
    expect(failure(results)).toBeUndefined();
    expect(JSON.stringify(results)).not.toContain('"modest"');
    expect((await getConnection(ctx, "stored-one")).lastTest).toMatchObject({
      ok: true,
      failedStep: null,
      by: "Rita",
      latencyMs: expect.any(Number),
    });
  });

  it("never sends the stored password to another address or account", async () => {
    const ctx = admin();
    const made = await createConnection(ctx, {
      name: "stored-two",
      host: "127.0.0.1",
      port: testServer().port,
      user: "modest",
      password: "modest",
    });
    for (const change of [{ host: "localhost" }, { port: secureServer.port }, { user: "test" }]) {
      const { fields } = plain(change);
      await expect(run({ connectionId: made.id, ...(fields ? { fields } : {}) }, ctx)).rejects.toMatchObject({
        problems: [{ path: "password" }],
      });
    }
    const { fields } = plain({ schema: "step_test" });
    const results = await run({ connectionId: made.id, ...(fields ? { fields } : {}) }, ctx);
    expect(failure(results)).toBeUndefined();
    expect((await getConnection(ctx, "stored-two")).lastTest).toBeNull();
  });

  it("is for admins, is limited, and leaves an audit event also when the reader goes away", async () => {
    const reviewer: Ctx = {
      ...admin(),
      actor: { kind: "person", id: newId(), name: "Rob", roles: ["reviewer", "auditor"], address: null },
    };
    await expect(run(plain(), reviewer)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const ctx = admin();
    const halfway = await testConnection(ctx, plain());
    await halfway.next();
    await halfway.return();
    expect(await lastAudit()).toMatchObject({ result: "failed", detail: { failedStep: "stopped" } });
    for (let n = 1; n < 10; n++) {
      const stopped = await testConnection(ctx, plain());
      await stopped.next();
      await stopped.return();
    }
    await expect((await testConnection(ctx, plain())).next()).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });
});
