import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditRow } from "@/lib/audit/record";
import { openStore, type Store } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { auditEvents, connections, gateways, sessions, statements } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import type { SessionStart, StatementRecord } from "../session/ports";
import { StoreRecorder } from "./store-recorder";

const WAIT = { timeout: 15_000, interval: 20 };
const log = pino({ level: "silent" });

async function prepare({ db }: Pick<Store, "db">) {
  const now = new Date();
  const gatewayId = newId();
  await db
    .insert(gateways)
    .values({ id: gatewayId, hostname: "h", pid: 1, address: "a", version: "v", startedAt: now, heartbeatAt: now });
  const identity = await upsertIdentity(db, {
    issuer: "i",
    subject: "s",
    kind: "machine",
    clientId: "c",
    email: null,
    name: "c",
    groups: [],
  });
  return { gatewayId, identityId: identity.id };
}

function start(identityId: string, changes: Partial<SessionStart> = {}): SessionStart {
  return {
    id: newId(),
    identityId,
    connectionId: null,
    connectionName: "shop",
    wireId: 1,
    clientAddress: "127.0.0.1",
    clientProgram: "test",
    authMethod: "caching_sha2_password",
    tlsVersion: "TLSv1.3",
    tokenExpiresAt: new Date(),
    startedAt: new Date(),
    ...changes,
  };
}

function statement(session: SessionStart, sequence: number, changes: Partial<StatementRecord> = {}): StatementRecord {
  return {
    id: newId(),
    sessionId: session.id,
    identityId: session.identityId,
    connectionId: newId(),
    connectionName: "shop",
    sequence,
    at: new Date(),
    command: "query",
    defaultSchema: "shop",
    sql: `SELECT '\\'; DROP TABLE statements; -- ' /* ${sequence} \u{1F980} */`,
    sqlBytes: 20,
    durationUs: 1500,
    rowCount: 1,
    affectedRows: 0,
    resultBytes: 64,
    ...changes,
  };
}

const end = (session: SessionStart, statementCount: number) =>
  ({
    id: session.id,
    endedAt: new Date(),
    reason: "client_quit",
    statementCount,
    errorCount: 0,
    bytesIn: 10,
    bytesOut: 20,
  }) as const;

describe("the recorder", () => {
  let store: TestStore;
  let ids: { gatewayId: string; identityId: string };
  beforeAll(async () => {
    store = await createTestStore();
    ids = await prepare(store);
  });
  afterAll(() => store.close());
  let recorder: StoreRecorder;
  beforeEach(() => {
    recorder = new StoreRecorder({ pool: store.pool, gatewayId: ids.gatewayId, log });
  });

  it("brings a session, its statements, its end and audit events to the store, text byte for byte", async () => {
    const session = start(ids.identityId);
    recorder.sessionStarted(session);
    const rows = [1, 2, 3].map((n) => statement(session, n, n === 2 ? { errorNumber: 1146, errorMessage: "x" } : {}));
    for (const row of rows) {
      recorder.statement(row);
    }
    const event = auditRow(
      { kind: "system", name: "t" },
      { action: "login.accepted", object: { kind: "session", id: session.id, name: "s" } },
    );
    recorder.audit(event);
    recorder.sessionEnded(end(session, 3));
    expect(await recorder.close(10_000)).toBe(0);
    const [stored] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(stored).toMatchObject({
      gatewayId: ids.gatewayId,
      endReason: "client_quit",
      statementCount: 3,
      bytesOut: 20,
    });
    expect(stored?.lastStatementAt).toEqual(rows[2]?.at);
    const found = await store.db
      .select()
      .from(statements)
      .where(eq(statements.sessionId, session.id))
      .orderBy(statements.id);
    expect(found.map((one) => one.sql)).toEqual(rows.map((one) => one.sql));
    expect(found[1]).toMatchObject({ errorNumber: 1146, sqlCut: false });
    expect(await store.db.select().from(auditEvents).where(eq(auditEvents.id, event.id))).toMatchObject([
      { action: "login.accepted", objectId: session.id, detail: {} },
    ]);
  });

  it("writes within moments, without being asked, and keeps a live session's count", async () => {
    const session = start(ids.identityId);
    recorder.sessionStarted(session);
    recorder.statement(statement(session, 1));
    recorder.statement(statement(session, 2, { errorNumber: 1064 }));
    await vi.waitFor(async () => {
      const [row] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
      expect(row).toMatchObject({ statementCount: 2, errorCount: 1, endedAt: null });
    }, WAIT);
    await recorder.close(1_000);
  });

  it("writes thousands of statements, each once", async () => {
    const session = start(ids.identityId);
    recorder.sessionStarted(session);
    for (let n = 1; n <= 7_000; n++) {
      recorder.statement(statement(session, n));
    }
    expect(await recorder.close(30_000)).toBe(0);
    const found = await store.db
      .select({ sequence: statements.sequence })
      .from(statements)
      .where(eq(statements.sessionId, session.id));
    expect(new Set(found.map((one) => one.sequence)).size).toBe(7_000);
    expect(found).toHaveLength(7_000);
  });

  it("changes nothing when a batch comes twice", async () => {
    const session = start(ids.identityId);
    const row = statement(session, 1);
    for (const again of [1, 2]) {
      const one = new StoreRecorder({ pool: store.pool, gatewayId: ids.gatewayId, log });
      one.sessionStarted(session);
      one.statement({ ...row, durationUs: row.durationUs * again });
      expect(await one.close(10_000)).toBe(0);
    }
    expect(await store.db.select().from(statements).where(eq(statements.id, row.id))).toMatchObject([
      { durationUs: 1500 },
    ]);
  });

  it("leaves out a record that the store cannot take, and brings the others", async () => {
    const session = start(ids.identityId);
    recorder.sessionStarted(session);
    const rows = Array.from({ length: 9 }, (_, n) =>
      statement(session, n + 1, n === 4 ? { connectionName: "x".repeat(40) } : {}),
    );
    for (const row of rows) {
      recorder.statement(row);
    }
    expect(await recorder.close(10_000)).toBe(0);
    expect(recorder.dropped).toBe(1);
    const found = await store.db.select().from(statements).where(eq(statements.sessionId, session.id));
    expect(found).toHaveLength(8);
  });

  it("keeps a session whose connection was deleted before its record arrived", async () => {
    const session = start(ids.identityId, { connectionId: newId() });
    recorder.sessionStarted(session);
    recorder.sessionEnded(end(session, 0));
    expect(await recorder.close(10_000)).toBe(0);
    expect(await store.db.select().from(sessions).where(eq(sessions.id, session.id))).toMatchObject([
      { connectionId: null, connectionName: "shop", endReason: "client_quit" },
    ]);
    expect(await store.db.select().from(connections)).toEqual([]);
  });

  it("cuts what a client says about itself to the column's length", async () => {
    const session = start(ids.identityId, { clientProgram: "p".repeat(5_000) });
    recorder.sessionStarted(session);
    expect(await recorder.close(10_000)).toBe(0);
    const [row] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(row?.clientProgram).toHaveLength(255);
  });
});

describe("the recorder while the store is away", () => {
  it("says no when its queue is full, loses nothing, and catches up when the store is back", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "sallyport-recorder-db-"));
    const port = await freePort();
    const options = {
      dataDir,
      port,
      initSql:
        "CREATE DATABASE IF NOT EXISTS s; \nCREATE USER IF NOT EXISTS 'test'@'127.0.0.1' IDENTIFIED BY 'test';\nGRANT ALL ON *.* TO 'test'@'127.0.0.1';",
    };
    let server = await startMariadb(options);
    const url = `mysql://test:test@127.0.0.1:${port}/s`;
    await migrate(url, join(import.meta.dirname, "../../drizzle"));
    const store = openStore(url);
    try {
      const ids = await prepare(store);
      const recorder = new StoreRecorder({ pool: store.pool, gatewayId: ids.gatewayId, log, maxItems: 20 });
      const session = start(ids.identityId);
      recorder.sessionStarted(session);
      recorder.statement(statement(session, 1));
      await vi.waitFor(() => expect(recorder.depth).toBe(0), WAIT);
      await server.stop();
      let sequence = 1;
      while (recorder.accepts()) {
        sequence += 1;
        recorder.statement(statement(session, sequence));
      }
      expect(sequence).toBeGreaterThan(10);
      await vi.waitFor(() => expect(recorder.failing).toBe(true), WAIT);
      expect(recorder.accepts()).toBe(false);
      server = await startMariadb(options);
      await vi.waitFor(() => expect(recorder.depth).toBe(0), WAIT);
      expect(recorder.accepts()).toBe(true);
      const found = await store.db.select().from(statements).where(eq(statements.sessionId, session.id));
      expect(found).toHaveLength(sequence);
    } finally {
      await store.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
