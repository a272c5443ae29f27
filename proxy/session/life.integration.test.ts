import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import type { LiveSession } from "./registry";

describe("the life of a session", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: database.name });
    await admin.query("CREATE TABLE t (id INT PRIMARY KEY)");
    gateway = await startGateway({ schema: database.name });
  });
  afterAll(async () => {
    await admin.end();
    await gateway.close();
    await database.drop();
  });
  afterEach(async () => {
    for (const session of gateway.registry.sessions()) {
      session.terminate("killed");
    }
    gateway.settings.tokenExpiresAt = new Date(Date.now() + 3_600_000);
    gateway.settings.killElsewhere = async () => false;
    gateway.observed.ends.length = 0;
  });

  /** Statements about tables wait for the first catalogue; deadlines of tests should not count that. */
  beforeEach(() => vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000));

  const connect = (token = TOKEN) => mysql.createConnection(clientOptions(gateway, token));
  const sessionOf = (connection: mysql.Connection): LiveSession => {
    const session = gateway.registry.byWireId(connection.threadId ?? 0);
    if (session === null) {
      throw new Error("no such session");
    }
    return session;
  };
  const running = (marker: string) =>
    vi.waitFor(async () => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        "SELECT id FROM information_schema.processlist WHERE info LIKE ?",
        [`${marker}%`],
      );
      expect(rows).toHaveLength(1);
    }, 20_000);
  /** Well before what it is about would have ended by itself. */
  const stopped = (marker: string) =>
    vi.waitFor(async () => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        "SELECT id FROM information_schema.processlist WHERE info LIKE ?",
        [`${marker}%`],
      );
      expect(rows).toHaveLength(0);
    }, 5_000);

  it("ends at the token's expiry: the next statement gets 3169, an open transaction is rolled back", async () => {
    gateway.settings.tokenExpiresAt = new Date(Date.now() + 400);
    const client = await connect();
    await client.query("START TRANSACTION");
    await client.query("INSERT INTO t VALUES (1)");
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("token_expired"), 20_000);
    await expect(client.query("COMMIT")).rejects.toMatchObject({
      errno: 3169,
      message: expect.stringContaining("TOKEN_EXPIRED"),
    });
    expect((await admin.query("SELECT * FROM t"))[0]).toEqual([]);
    expect(gateway.registry.size).toBe(0);
  });

  it("tells an idle client of a revoked access with its next statement", async () => {
    const client = await connect();
    sessionOf(client).terminate("revoked");
    await expect(client.query("SELECT 1")).rejects.toMatchObject({
      errno: 1317,
      message: expect.stringContaining("revoked"),
    });
    expect(gateway.observed.ends.at(-1)?.reason).toBe("revoked");
  });

  it("ends a running statement with an error when the access is revoked, here and upstream", async () => {
    const client = await connect();
    const sleeping = client.query("SELECT SLEEP(21)");
    sleeping.catch(() => undefined);
    await running("SELECT SLEEP(21)");
    sessionOf(client).terminate("revoked");
    await expect(sleeping).rejects.toMatchObject({ errno: 1317 });
    await stopped("SELECT SLEEP(21)");
  });

  it("lets KILL QUERY with a greeting id interrupt another session of the identity", async () => {
    const [one, two] = [await connect(), await connect()];
    const outcome = one.query("SELECT SLEEP(22) AS s").then(
      ([rows]) => rows,
      (error: { errno: number }) => error.errno,
    );
    await running("SELECT SLEEP(22)");
    await two.query(`KILL QUERY ${one.threadId}`);
    expect([1317, [{ s: 1 }]]).toContainEqual(await outcome);
    expect((await one.query("SELECT 1 AS alive"))[0]).toEqual([{ alive: 1 }]);
  });

  it("lets KILL with what CONNECTION_ID() told end another session of the identity", async () => {
    const [one, two] = [await connect(), await connect()];
    const [rows] = await one.query<mysql.RowDataPacket[]>("SELECT CONNECTION_ID() AS id");
    await two.query(`kill /* it */ connection ${rows[0]?.id};`);
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("killed"), 20_000);
    await expect(one.query("SELECT 1")).rejects.toThrow();
  });

  it("never lets a KILL reach other identities' sessions or threads of the upstream", async () => {
    const [mine, theirs] = [await connect(), await connect("token-other")];
    const [rows] = await theirs.query<mysql.RowDataPacket[]>("SELECT CONNECTION_ID() AS id");
    for (const id of [theirs.threadId, rows[0]?.id, admin.threadId]) {
      await expect(mine.query(`KILL ${id}`)).rejects.toMatchObject({ errno: 1094 });
    }
    for (const sql of [`KILL QUERY ${admin.threadId} + 0`, "KILL USER test", `/*! KILL ${admin.threadId} */`]) {
      await expect(mine.query(sql)).rejects.toMatchObject({
        errno: 1064,
        message: expect.stringContaining("[sallyport]"),
      });
      await expect(mine.execute(sql)).rejects.toMatchObject({
        errno: 1064,
        message: expect.stringContaining("[sallyport]"),
      });
    }
    await expect(theirs.query("SELECT 1")).resolves.toBeDefined();
    await expect(admin.query("SELECT 1")).resolves.toBeDefined();
  });

  it("asks other processes for sessions that are not here", async () => {
    const client = await connect();
    const asked: unknown[] = [];
    gateway.settings.killElsewhere = async (...args) => asked.push(args) > 0;
    await client.query("KILL QUERY 77");
    expect(asked).toEqual([["AGENT000000000000000000000", 77, true]]);
    expect(gateway.observed.statements.at(-1)).toMatchObject({ sql: "KILL QUERY 77", errorNumber: null });
  });

  it("stops the upstream's statement when its client dies in the middle", async () => {
    const client = await connect();
    client.query("SELECT SLEEP(23)").catch(() => undefined);
    await running("SELECT SLEEP(23)");
    client.destroy();
    await stopped("SELECT SLEEP(23)");
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("client_lost"), 20_000);
    expect(gateway.observed.statements.at(-1)).toMatchObject({ sql: "SELECT SLEEP(23)", errorNumber: 1105 });
  });

  it("takes a half-closed client for gone", async () => {
    const client = await RawClient.connect(gateway.port);
    await client.logIn(TOKEN);
    client.halfClose();
    await client.closed();
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("client_lost"), 20_000);
  });

  it("gives a clean error when the upstream is lost in the middle of a statement", async () => {
    const client = await connect();
    const sleeping = client.query("SELECT SLEEP(24)");
    sleeping.catch(() => undefined);
    await running("SELECT SLEEP(24)");
    await admin.query(`KILL CONNECTION ${sessionOf(client).upstreamThreadId}`);
    await expect(sleeping).rejects.toMatchObject({
      errno: expect.toSatisfy((n: number) => [1105, 1317, 1927].includes(n)),
    });
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("upstream_lost"), 20_000);
  });

  it("tells an idle client with its next statement that the upstream was lost", async () => {
    const client = await connect();
    await admin.query(`KILL CONNECTION ${sessionOf(client).upstreamThreadId}`);
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("upstream_lost"), 20_000);
    await expect(client.query("SELECT 1")).rejects.toMatchObject({ errno: 1105 });
  });

  it("counts statements, errors and bytes of a session", async () => {
    const client = await connect();
    await client.query("SELECT 1");
    await client.query("SELEC 1").catch(() => undefined);
    await client.end();
    await vi.waitFor(() => expect(gateway.observed.ends).toHaveLength(1), 20_000);
    const [end] = gateway.observed.ends;
    expect(end).toMatchObject({ reason: "client_quit", statementCount: 2, errorCount: 1 });
    expect(end?.bytesIn).toBe(4 + 9 + 4 + 8 + 5);
    expect(end?.bytesOut).toBeGreaterThan(100);
    expect(gateway.observed.audits.at(-1)).toMatchObject({
      action: "session.ended",
      detail: { reason: "client_quit" },
    });
  });

  it("drains: idle sessions end at once, a running statement may finish, nobody else gets in", async () => {
    const draining = await startGateway();
    const idle = await mysql.createConnection(clientOptions(draining));
    const busy = await mysql.createConnection(clientOptions(draining));
    const sleeping = busy.query("SELECT SLEEP(0.8) AS s");
    await running("SELECT SLEEP(0.8)");
    const drained = draining.listener.drain(10_000);
    await vi.waitFor(() => expect(draining.observed.ends.map((end) => end.reason)).toEqual(["drained"]), 20_000);
    await expect(mysql.createConnection(clientOptions(draining))).rejects.toThrow();
    expect((await sleeping)[0]).toEqual([{ s: 0 }]);
    await drained;
    expect(draining.registry.size).toBe(0);
    idle.destroy();
    busy.destroy();
    await draining.close();
  });

  it("drains: what runs beyond the grace is ended", async () => {
    const draining = await startGateway();
    const busy = await mysql.createConnection(clientOptions(draining));
    const sleeping = busy.query("SELECT SLEEP(25)");
    sleeping.catch(() => undefined);
    await running("SELECT SLEEP(25)");
    await draining.listener.drain(100);
    await expect(sleeping).rejects.toMatchObject({ errno: 1105 });
    await stopped("SELECT SLEEP(25)");
    await draining.close();
  });

  it("leaves no thread upstream behind", async () => {
    const before = gateway.registry.size;
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect()));
    expect(gateway.registry.size).toBe(before + 20);
    for (const client of clients) {
      client.destroy();
    }
    await vi.waitFor(async () => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = ?",
        [database.name],
      );
      expect(rows[0]?.n).toBe(1);
    }, 20_000);
  });
});
