import mysql from "mysql2/promise";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf, insertGateway, insertIdentity } from "@/e2e/support/rows";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { approvalSettings } from "@/lib/connections/model";
import { gateways, liveSessions, sessions } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { policy } from "@/lib/policy/rule";
import { listRunning } from "@/lib/sessions/running";
import { LiveSessions, TOLD_SESSIONS } from "./live-sessions";

const WAIT = { timeout: 15_000, interval: 30 };
const log = pino({ level: "silent" });

const REVIEWED = policy.parse({
  name: "reviewed",
  identities: [],
  rules: [
    { name: "read", effect: "allow", statements: ["read"], functions: ["sleep"] },
    { name: "write", effect: "review", statements: ["write"] },
  ],
});

describe("what runs at a gateway", () => {
  let store: TestStore;
  let upstream: TestDatabase;
  let gateway: GatewayUnderTest;
  let gatewayId: string;
  let live: LiveSessions;
  const clients: mysql.Connection[] = [];
  beforeEach(async () => {
    store = await createTestStore();
    upstream = await createTestDatabase();
    gateway = await startGateway({
      upstream: { ...testServer(), tls: "disabled", ca: null },
      schema: upstream.name,
      policies: [REVIEWED],
      approvals: approvalSettings.parse({ hold_seconds: 600 }),
    });
    gatewayId = await insertGateway(store.db);
    live = new LiveSessions({ db: store.db, gatewayId, log, sessions: () => gateway.registry.sessions(), everyMs: 20 });
    await live.clear();
    live.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await live.stop();
    await gateway.close();
    await store.close();
    await upstream.drop();
  });

  async function connect(): Promise<mysql.Connection> {
    const client = await mysql.createConnection(clientOptions(gateway));
    client.on("error", () => undefined);
    clients.push(client);
    return client;
  }
  const told = () => store.db.select().from(liveSessions);

  it("is told while it runs, with its text, and gone when it is done", async () => {
    const client = await connect();
    const direct = await mysql.createConnection({ ...testServer(), database: upstream.name });
    await direct.query("CREATE TABLE t (id INT)");
    await direct.query("LOCK TABLES t WRITE");
    const waits = client.query("SELECT * FROM t");
    await vi.waitFor(async () => expect(await told()).toHaveLength(1), WAIT);
    const [row] = await told();
    expect(row).toMatchObject({ gatewayId, sql: "SELECT * FROM t", held: false, inTransaction: false, rows: 0 });
    expect(row?.statementId).toMatch(/^\w{26}$/);
    expect(row?.statementAt?.getTime()).toBeLessThanOrEqual(Date.now());
    await direct.query("UNLOCK TABLES");
    await waits;
    await vi.waitFor(async () => expect(await told()).toEqual([]), WAIT);
    await direct.end();
  });

  it("is told between the statements of an open transaction", async () => {
    const client = await connect();
    await client.beginTransaction();
    await vi.waitFor(
      async () => expect(await told()).toMatchObject([{ statementId: null, sql: null, inTransaction: true }]),
      WAIT,
    );
    await client.rollback();
    await vi.waitFor(async () => expect(await told()).toEqual([]), WAIT);
  });

  it("is told as held while it waits for a person", async () => {
    const direct = await mysql.createConnection({ ...testServer(), database: upstream.name });
    await direct.query("CREATE TABLE t (id INT)");
    await direct.end();
    const client = await connect();
    void client.query("DELETE FROM t WHERE id = 1").catch(() => undefined);
    await vi.waitFor(
      async () => expect(await told()).toMatchObject([{ sql: "DELETE FROM t WHERE id = 1", held: true }]),
      WAIT,
    );
  });

  it("is on the page of people only while the gateway says so", async () => {
    const client = await connect();
    await client.beginTransaction();
    // Its statement may be seen while it runs, before the transaction is open.
    await vi.waitFor(
      async () => expect(await told()).toMatchObject([{ statementId: null, inTransaction: true }]),
      WAIT,
    );
    const [row] = await told();
    const identityId = await insertIdentity(store.db, "agent");
    await store.db.insert(sessions).values({
      id: row?.sessionId ?? "",
      gatewayId,
      identityId,
      connectionName: "shop",
      wireId: 1,
      clientAddress: "127.0.0.1",
      authMethod: "caching_sha2_password",
      tlsVersion: "TLSv1.3",
      tokenExpiresAt: new Date(),
      startedAt: new Date(),
    });
    const ctx = ctxOf(store.db, "auditor");
    expect(await listRunning(ctx)).toMatchObject({
      open: 1,
      sessions: [{ sessionId: row?.sessionId, identityName: "agent", inTransaction: true, ending: false }],
    });
    expect(
      (await listRunning(ctx, { doing: "transaction", identity: identityId, connection: "shop" })).sessions,
    ).toHaveLength(1);
    for (const filter of [{ doing: "running" }, { doing: "held" }, { q: "SELECT" }, { connection: "crm" }] as const) {
      expect((await listRunning(ctx, filter)).sessions).toEqual([]);
    }
    await store.db.update(gateways).set({ heartbeatAt: new Date(Date.now() - 60_000) });
    expect(await listRunning(ctx)).toMatchObject({ open: 0, sessions: [] });
    await expect(listRunning(ctxOf(store.db))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("is the longest that runs where there is too much, and removed with what dead gateways left", async () => {
    const now = Date.now();
    const many = Array.from({ length: TOLD_SESSIONS + 1 }, (_, at) => ({
      id: newId(),
      running: {
        statementId: newId(),
        sql: "SELECT 1",
        since: now - at,
        held: false,
        inTransaction: false,
        rows: 0,
        bytes: 0,
      },
    }));
    const dead = await insertGateway(store.db, { stoppedAt: new Date() });
    const crowded = new LiveSessions({ db: store.db, gatewayId: dead, log, sessions: () => many, everyMs: 20 });
    crowded.start();
    await vi.waitFor(async () => expect(await told()).toHaveLength(TOLD_SESSIONS), WAIT);
    expect((await told()).map((row) => row.sessionId)).not.toContain(many[0]?.id);
    const other = await insertGateway(store.db);
    await crowded.stop();
    expect(await told()).toEqual([]);
    await store.db.insert(liveSessions).values({
      sessionId: newId(),
      gatewayId: dead,
      held: false,
      inTransaction: true,
      rows: 0,
      bytes: 0,
      updatedAt: new Date(),
    });
    await new LiveSessions({ db: store.db, gatewayId: other, log, sessions: () => [] }).clear();
    expect(await told()).toEqual([]);
  });
});
