import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { COMMAND } from "../protocol/constants";

const MANY_ROWS = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n";

describe("limits of a connection", () => {
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;

  beforeAll(async () => {
    gateway = await startGateway();
    admin = await mysql.createConnection(testServer());
  });
  afterAll(async () => {
    await admin.end();
    await gateway.close();
  });
  afterEach(() => {
    gateway.settings.limits = {};
    gateway.observed.statements.length = 0;
  });

  it("end a result of too many rows with an error at a row boundary, and the session goes on", async () => {
    gateway.settings.limits = { max_rows: 100 };
    const client = await mysql.createConnection(clientOptions(gateway));
    const failed = client.query(MANY_ROWS);
    await expect(failed).rejects.toMatchObject({ errno: 1226, sqlState: "42000" });
    expect((await client.query("SELECT 'next' AS s"))[0]).toEqual([{ s: "next" }]);
    const prepared = client.execute(MANY_ROWS);
    await expect(prepared).rejects.toThrow(/more than 100 rows/);
    expect((await client.execute("SELECT ? AS s", ["next"]))[0]).toEqual([{ s: "next" }]);
    await client.end();
    expect(gateway.observed.statements[0]).toMatchObject({ rowCount: 100, errorNumber: 1226 });
  });

  it("let a result of just as many rows pass", async () => {
    gateway.settings.limits = { max_rows: 900 };
    const client = await mysql.createConnection(clientOptions(gateway));
    expect((await client.query(MANY_ROWS))[0]).toHaveLength(900);
    await client.end();
  });

  it("end a result of too many bytes", async () => {
    gateway.settings.limits = { max_result_bytes: 100_000 };
    const client = await mysql.createConnection(clientOptions(gateway));
    await expect(client.query("SELECT REPEAT('x', 60000) UNION ALL SELECT REPEAT('y', 60000)")).rejects.toThrow(
      /more than 100000 bytes/,
    );
    await expect(client.query("SELECT REPEAT('x', 200000)")).rejects.toMatchObject({ errno: 1226 });
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
    await client.end();
  });

  it("interrupt what runs too long, upstream too, and the session goes on", async () => {
    gateway.settings.limits = { max_seconds: 0.2 };
    const client = await mysql.createConnection(clientOptions(gateway));
    const started = Date.now();
    await expect(client.query("SELECT SLEEP(20), 'interrupted'")).rejects.toThrow(/longer than 0.2 seconds/);
    expect(Date.now() - started).toBeLessThan(5000);
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
    const [threads] = await admin.query(
      "SELECT info FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(20), %'",
    );
    expect(threads).toEqual([]);
    await client.end();
  });

  it("count rows over all fetches of a cursor", async () => {
    gateway.settings.limits = { max_rows: 3 };
    const client = await RawClient.connect(gateway.port);
    await client.logIn(TOKEN);
    const prepared = await client.command(
      COMMAND.STMT_PREPARE,
      "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4",
    );
    const id = prepared?.subarray(1, 5) ?? Buffer.alloc(4);
    await client.read();
    await client.read();
    await client.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1, 1, 0, 0, 0)]));
    await client.read();
    await client.read();
    const fetchTwo = Buffer.concat([id, Buffer.of(2, 0, 0, 0)]);
    expect((await client.command(COMMAND.STMT_FETCH, fetchTwo))?.[0]).toBe(0);
    await client.read();
    await client.read();
    expect((await client.command(COMMAND.STMT_FETCH, fetchTwo))?.[0]).toBe(0);
    expect(await client.readError()).toMatchObject({ errno: 1226 });
    client.destroy();
  });

  it("refuse statements beyond the rate of an identity, over all its sessions", async () => {
    gateway.settings.limits = { statements_per_minute: 3 };
    const one = await mysql.createConnection(clientOptions(gateway, "token-busy"));
    const two = await mysql.createConnection(clientOptions(gateway, "token-busy"));
    const other = await mysql.createConnection(clientOptions(gateway, "token-calm"));
    await one.query("SELECT 1");
    await two.query("SELECT 2");
    await one.query("SELECT 3");
    await expect(two.query("SELECT 4")).rejects.toMatchObject({ errno: 1226 });
    await expect(other.query("SELECT 1")).resolves.toBeDefined();
    await Promise.all([one.end(), two.end(), other.end()]);
  });

  it("hold the upstream back while a client does not read", async () => {
    const client = await RawClient.connect(gateway.port);
    await client.logIn(TOKEN);
    client.pause();
    client.sequence = 0;
    client.send(
      Buffer.from(
        `\x03WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT REPEAT('x', 200000) FROM n`,
      ),
    );
    const [session] = gateway.registry.sessions();
    await vi.waitFor(() => expect(session?.busy).toBe(true), 20_000);
    const before = process.memoryUsage().arrayBuffers;
    let last = -1;
    // The bytes sent stop to grow once the buffers on the way are full.
    await vi.waitFor(
      () => {
        const sent = gateway.registry.metrics.bytesOut;
        const stable = sent > 0 && sent === last;
        last = sent;
        expect(stable).toBe(true);
      },
      { interval: 300, timeout: 10_000 },
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
    client.destroy();
    await vi.waitFor(() => expect(gateway.registry.size).toBe(0), 20_000);
    expect(gateway.observed.ends.at(-1)?.reason).toBe("client_lost");
  });

  it("stream a large result completely to a client that reads", async () => {
    const client = await mysql.createConnection(clientOptions(gateway));
    const [rows] = await client.query<mysql.RowDataPacket[]>(
      "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT REPEAT('z', 1000) AS s FROM n",
    );
    expect(rows.every((row) => row.s.length === 1000)).toBe(true);
    await client.end();
  });
});
