import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, isNull } from "drizzle-orm";
import { exportJWK, SignJWT } from "jose";
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { insertSomebody } from "@/e2e/support/approvals";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { approve } from "@/lib/approvals/approve";
import { createConnection } from "@/lib/connections/create-connection";
import {
  analyses,
  approvals,
  auditEvents,
  connections,
  gateways,
  identities,
  sessions,
  statements,
} from "@/lib/db/schema";
import { suspend } from "@/lib/identities/suspend";
import { createPolicy } from "@/lib/policy/create-policy";
import { SELF_TEST_ISSUER } from "@/lib/self-test/marked-identity";
import { startSelfTest } from "@/lib/self-test/start-self-test";
import { requestKill } from "@/lib/sessions/request-kill";
import { buildPrograms } from "@/scripts/build.mjs";
import { ensureTls, tlsFiles } from "@/scripts/embedded/tls";
import { freePort } from "@/scripts/mariadb.mjs";

const MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
vi.stubEnv("SALLYPORT_MASTER_KEY", MASTER_KEY);
const PROGRAM = join(import.meta.dirname, "../dist/gateway.mjs");
const WAIT = { timeout: 20_000, interval: 50 };
const key = generateKeyPairSync("rsa", { modulusLength: 2048 });

interface RunningGateway {
  readonly process: ChildProcess;
  readonly port: number;
  readonly opsPort: number;
  readonly exited: Promise<number | null>;
}

describe("the gateway's process", () => {
  let store: TestStore;
  let upstream: TestDatabase;
  let dataDir: string;
  let idp: Server;
  let issuer: string;
  const running: RunningGateway[] = [];
  const clients: Connection[] = [];

  beforeAll(async () => {
    await buildPrograms(["gateway", "shipper"]);
    store = await createTestStore();
    upstream = await createTestDatabase();
    dataDir = mkdtempSync(join(tmpdir(), "sallyport-gateway-"));
    await ensureTls(dataDir);
    idp = createServer(async (request, response) => {
      const jwk = { ...(await exportJWK(key.publicKey)), kid: "k", alg: "RS256" };
      const body = request.url === "/jwks" ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` };
      response.end(JSON.stringify(body));
    });
    idp.listen(0, "127.0.0.1");
    await once(idp, "listening");
    issuer = `http://127.0.0.1:${(idp.address() as AddressInfo).port}`;
    const ctx = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db } as const;
    const { host, port, user, password } = testServer();
    const shop = await createConnection(ctx, { name: "shop", host, port, user, password, schema: upstream.name });
    await createPolicy(ctx, { name: "agents", connectionId: shop.id, identities: [{ group: "agents" }] });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.destroy();
    }
    for (const gateway of running.splice(0)) {
      gateway.process.kill("SIGTERM");
      await gateway.exited;
    }
  });
  afterAll(async () => {
    idp.close();
    await store.close();
    await upstream.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function environment(): Record<string, string> {
    const files = tlsFiles(dataDir);
    return {
      PATH: process.env.PATH ?? "",
      DATABASE_URL: store.url,
      OIDC_ISSUER: issuer,
      SALLYPORT_MASTER_KEY: MASTER_KEY,
      GATEWAY_PORT: "0",
      GATEWAY_OPS_PORT: "0",
      GATEWAY_TLS_CERT: files.chain,
      GATEWAY_TLS_KEY: files.key,
      SPOOL_DIR: join(dataDir, "spool"),
    };
  }
  function launch(variables: Record<string, string>) {
    const child = spawn(process.execPath, [PROGRAM], {
      env: { NODE_ENV: "test", ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { out: "", err: "" };
    child.stdout?.on("data", (text) => {
      said.out += text;
    });
    child.stderr?.on("data", (text) => {
      said.err += text;
    });
    const exited = once(child, "exit").then(([code]) => code as number | null);
    return { child, said, exited };
  }
  async function start(changes: Record<string, string> = {}): Promise<RunningGateway & { said: { out: string } }> {
    const { child, said, exited } = launch({ ...environment(), ...changes });
    const line = await vi.waitFor(() => {
      const found = said.out.split("\n").find((one) => one.includes('"event":"listening"'));
      expect(found, said.out + said.err).toBeDefined();
      return found ?? "";
    }, WAIT);
    const gateway = { process: child, ...JSON.parse(line), exited, said };
    running.push(gateway);
    return gateway;
  }
  function token(subject = "orders-agent", from = issuer): Promise<string> {
    return new SignJWT({ client_id: subject, groups: ["agents"] })
      .setProtectedHeader({ alg: "RS256", kid: "k", typ: "at+jwt" })
      .setIssuer(from)
      .setAudience("urn:sallyport")
      .setSubject(subject)
      .setExpirationTime(Math.floor(Date.now() / 1000) + 600)
      .sign(key.privateKey);
  }
  async function connect(gateway: RunningGateway, subject?: string, from?: string): Promise<Connection> {
    const client = await mysql.createConnection({
      host: "127.0.0.1",
      port: gateway.port,
      user: "shop",
      password: await token(subject, from),
      ssl: { rejectUnauthorized: false },
    });
    client.on("error", () => undefined);
    clients.push(client);
    return client;
  }
  const openSessions = () => store.db.select().from(sessions).where(isNull(sessions.endedAt));
  const ops = (gateway: RunningGateway, path: string) => fetch(`http://127.0.0.1:${gateway.opsPort}${path}`);

  it("lists every bad variable and exits with 2", async () => {
    const { said, exited } = launch({ PATH: process.env.PATH ?? "", GATEWAY_PORT: "x" });
    expect(await exited).toBe(2);
    for (const name of ["DATABASE_URL", "OIDC_ISSUER", "SALLYPORT_MASTER_KEY", "GATEWAY_TLS_CERT", "GATEWAY_PORT"]) {
      expect(said.err).toContain(`${name} `);
    }
    expect(said.out).toBe("");
  });

  it("exits with 2 when its certificate cannot be read or its port is taken", async () => {
    const missing = launch({ ...environment(), GATEWAY_TLS_CERT: "/nowhere.pem" });
    expect(await missing.exited).toBe(2);
    expect(missing.said.err).toContain("GATEWAY_TLS_CERT: /nowhere.pem cannot be read");
    const taken = launch({ ...environment(), GATEWAY_PORT: String(testServer().port) });
    expect(await taken.exited).toBe(2);
    expect(taken.said.err).toContain("Cannot listen on 127.0.0.1");
  });

  it("waits for a store that is away, alive but not ready, and stops when asked to", async () => {
    const opsPort = await freePort();
    const waiting = launch({
      ...environment(),
      DATABASE_URL: `mysql://a:b@127.0.0.1:${await freePort()}/x`,
      GATEWAY_OPS_PORT: String(opsPort),
    });
    await vi.waitFor(async () => {
      expect((await fetch(`http://127.0.0.1:${opsPort}/healthz`)).status).toBe(200);
      const ready = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ ready: false, reasons: [expect.stringContaining("store")] });
    }, WAIT);
    waiting.child.kill("SIGTERM");
    expect(await waiting.exited).toBe(0);
  });

  it("carries a statement, records it, and shows it in its metrics, without SQL or tokens in the log", async () => {
    const gateway = await start();
    const client = await connect(gateway);
    const [rows] = await client.query<RowDataPacket[]>("SELECT 'marker-7f3a' AS v");
    expect(rows[0]?.v).toBe("marker-7f3a");
    await vi.waitFor(async () => {
      const found = await store.db.select().from(statements).where(eq(statements.sql, "SELECT 'marker-7f3a' AS v"));
      expect(found).toMatchObject([{ connectionName: "shop", rowCount: 1, defaultSchema: upstream.name }]);
    }, WAIT);
    expect(await (await ops(gateway, "/readyz")).json()).toEqual({ ready: true, reasons: [] });
    const metrics = await (await ops(gateway, "/metrics")).text();
    expect(metrics).toMatch(/sallyport_sessions_live 1\n/);
    expect(metrics).toMatch(/sallyport_statements_total\{command="query",outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/sallyport_statement_duration_seconds_bucket\{le="\+Inf"\} [1-9]/);
    expect(gateway.said.out).not.toContain("marker-7f3a");
    expect(gateway.said.out).not.toContain("eyJ");
  });

  it("ends sessions on SIGTERM cleanly, closes its row and exits with 0", async () => {
    const gateway = await start();
    const client = await connect(gateway);
    await client.query("SELECT 1");
    const [own] = await vi.waitFor(async () => {
      const open = await openSessions();
      expect(open).toHaveLength(1);
      return open;
    }, WAIT);
    gateway.process.kill("SIGTERM");
    expect(await gateway.exited).toBe(0);
    const [ended] = await store.db
      .select()
      .from(sessions)
      .where(eq(sessions.id, own?.id ?? ""));
    expect(ended).toMatchObject({ endReason: "drained" });
    const [row] = await store.db
      .select()
      .from(gateways)
      .where(eq(gateways.id, own?.gatewayId ?? ""));
    expect(row?.stoppedAt).not.toBeNull();
  });

  it("ends a session within a second of the console's kill and of its identity's suspension", async () => {
    const ctx = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db } as const;
    const gateway = await start();
    const victim = await connect(gateway, "victim");
    const [row] = await vi.waitFor(async () => {
      const open = await openSessions();
      expect(open).toHaveLength(1);
      return open;
    }, WAIT);
    await requestKill(ctx, { id: row?.id ?? "" });
    await vi.waitFor(() => expect(victim.query("SELECT 1")).rejects.toBeDefined(), WAIT);
    const again = await connect(gateway, "victim");
    await suspend(ctx, { id: row?.identityId ?? "", reason: "test" });
    await vi.waitFor(() => expect(again.query("SELECT 1")).rejects.toBeDefined(), WAIT);
    await expect(connect(gateway, "victim")).rejects.toMatchObject({
      errno: 1045,
      message: expect.stringContaining("suspended"),
    });
    await vi.waitFor(async () => {
      const refused = await store.db.select().from(auditEvents).where(eq(auditEvents.action, "login.refused"));
      expect(refused).toMatchObject([{ actorId: row?.identityId, actorName: "victim", code: "LOGIN_REFUSED" }]);
    }, WAIT);
  });

  it("holds a statement until people decide, tells its client to retry on SIGTERM, and shows both in its metrics", async () => {
    const ctx = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db } as const;
    const [shop] = await store.db.select().from(connections);
    await createPolicy(ctx, {
      name: "reviewed",
      connectionId: shop?.id ?? "",
      identities: [{ client_id: "held-agent" }],
      rules: [{ name: "write", effect: "review", statements: ["write"] }],
    });
    const admin = await mysql.createConnection({ ...testServer(), database: upstream.name });
    clients.push(admin);
    await admin.query("CREATE TABLE held (id INT PRIMARY KEY)");
    const gateway = await start({ CONSOLE_URL: "https://console.example" });
    const client = await connect(gateway, "held-agent");
    const held = () =>
      vi.waitFor(async () => {
        const [row] = await store.db.select().from(approvals).where(eq(approvals.state, "pending"));
        expect(row).toMatchObject({ holdState: "held", explain: { ok: true } });
        return row?.id ?? "";
      }, WAIT);
    const done = client.query<ResultSetHeader>("INSERT INTO held VALUES (1)");
    const id = await held();
    expect(await (await ops(gateway, "/metrics")).text()).toMatch(/sallyport_statements_held 1\n/);
    const reviewer = await insertSomebody(store.db, "Rita", "person", []);
    const actor = { kind: "person", id: reviewer, name: "Rita", roles: ["reviewer"], address: null } as const;
    await approve({ ...ctx, actor }, { id, scope: "once" });
    expect((await done)[0].affectedRows).toBe(1);
    expect(await (await ops(gateway, "/metrics")).text()).toMatch(/sallyport_holds_released_total 1\n/);
    const told = client.query("INSERT INTO held VALUES (2)").catch((error: Error) => error.message);
    const left = await held();
    gateway.process.kill("SIGTERM");
    expect(await told).toContain(`https://console.example/approvals/${left}`);
    expect(await gateway.exited).toBe(0);
    const [row] = await store.db.select().from(approvals).where(eq(approvals.id, left));
    expect(row).toMatchObject({ state: "pending", holdState: "retry_only" });
  });

  it("leaves of a self-test that a kill -9 ended no way in, says that it failed, and runs the next one", async () => {
    const ctx = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db } as const;
    const admin = await mysql.createConnection({ ...testServer(), database: upstream.name });
    clients.push(admin);
    await admin.query("CREATE TABLE people (id INT PRIMARY KEY, ssn VARCHAR(20))");
    const doors = () => readdirSync(join(dataDir, "spool", "doors"));
    const attack = () => startSelfTest(ctx, { connection: "shop", identity: { groups: ["agents"] } });
    const run = async (id: string) => (await store.db.select().from(analyses).where(eq(analyses.id, id)))[0];

    const first = await start();
    const { id } = await attack();
    const marked = await vi.waitFor(async () => {
      const [found] = await store.db.select().from(identities).where(eq(identities.issuer, SELF_TEST_ISSUER));
      const own = await store.db
        .select()
        .from(statements)
        .where(eq(statements.identityId, found?.id ?? ""))
        .limit(1);
      expect(own).toHaveLength(1);
      return found;
    }, WAIT);
    first.process.kill("SIGKILL");
    await first.exited;
    // In the middle of the run, or nothing of this shows anything.
    expect(await run(id)).toMatchObject({ state: "running" });
    expect(doors()).toHaveLength(1);

    const second = await start();
    await vi.waitFor(() => expect(doors()).toEqual([]), WAIT);
    await expect(connect(second, marked?.subject, SELF_TEST_ISSUER)).rejects.toMatchObject({ errno: 1045 });
    // It is taken for dead after some seconds: this test does not wait for them.
    await store.db
      .update(analyses)
      .set({ heartbeatAt: new Date(Date.now() - 60_000) })
      .where(eq(analyses.id, id));
    await vi.waitFor(async () => {
      expect(await run(id)).toMatchObject({
        state: "failed",
        result: null,
        error: "The process that worked on it is gone; start it again",
      });
    }, WAIT);
    const { id: next } = await attack();
    await vi.waitFor(async () => expect(await run(next)).toMatchObject({ state: "done", error: null }), {
      ...WAIT,
      timeout: 50_000,
    });
    expect(doors()).toEqual([]);
  }, 120_000);

  it("shares its port among workers, kills across them, adds up their metrics and replaces one that dies", async () => {
    const gateway = await start({ GATEWAY_WORKERS: "2" });
    const byWorker = new Map<string, { client: Connection; wireId: number }>();
    await vi.waitFor(async () => {
      const client = await connect(gateway);
      const wireId = client.threadId ?? 0;
      const [row] = await vi.waitFor(async () => {
        const found = await store.db
          .select()
          .from(sessions)
          .where(and(eq(sessions.wireId, wireId), isNull(sessions.endedAt)));
        expect(found).toHaveLength(1);
        return found;
      }, WAIT);
      byWorker.set(row?.gatewayId ?? "", { client, wireId });
      expect(byWorker.size).toBe(2);
    }, WAIT);
    const [one, other] = [...byWorker.values()];
    await one?.client.query(`KILL ${other?.wireId}`);
    await vi.waitFor(() => expect(other?.client.query("SELECT 1")).rejects.toBeDefined(), WAIT);
    const metrics = await (await ops(gateway, "/metrics")).text();
    const logins = Number(/sallyport_logins_total (\d+)/.exec(metrics)?.[1]);
    expect(logins).toBe(clients.length);

    const [died] = await store.db
      .select()
      .from(gateways)
      .where(and(isNull(gateways.stoppedAt), eq(gateways.id, [...byWorker.keys()][0] ?? "")));
    process.kill(died?.pid ?? 0, "SIGKILL");
    await vi.waitFor(async () => {
      const state = await (await ops(gateway, "/readyz")).json();
      expect(state).toMatchObject({ ready: false });
    }, WAIT);
    await vi.waitFor(async () => expect((await ops(gateway, "/readyz")).status).toBe(200), WAIT);
    const client = await connect(gateway);
    await client.query("SELECT 1");
    gateway.process.kill("SIGTERM");
    expect(await gateway.exited).toBe(0);
  });
});
