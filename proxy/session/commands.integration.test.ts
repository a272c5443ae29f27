import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RAW_CAPABILITIES, RawClient } from "@/e2e/support/raw-client";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { ALLOW_ALL, clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { policy } from "@/lib/policy/rule";
import { CAPABILITY, COMMAND } from "../protocol/constants";
import { readErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { readOk } from "../protocol/ok-packet";
import { changedSchema } from "../protocol/session-track";
import { handlingOf } from "./commands";

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

describe("commands on the wire", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let client: RawClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = await startGateway({ schema: database.name });
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });
  beforeEach(async () => {
    client = await RawClient.connect(gateway.port);
    expect((await client.logIn(TOKEN))?.[0]).toBe(0);
    gateway.observed.statements.length = 0;
  });
  afterEach(() => client.destroy());

  it("refuses every other command byte with an ERR, and the session goes on", async () => {
    const refused = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => handlingOf(byte).kind === "refuse");
    expect(refused).toHaveLength(256 - 13);
    for (const byte of refused) {
      const error = readErr((await client.command(byte, "abc")) ?? Buffer.alloc(0));
      expect(error).toMatchObject({ errno: 1047, sqlState: "08S01" });
    }
    expect((await client.command(COMMAND.PING))?.[0]).toBe(0);
  });

  it("names the command that it refuses", async () => {
    const error = readErr((await client.command(COMMAND.CHANGE_USER, "root\0")) ?? Buffer.alloc(0));
    expect(error.message).toBe(
      "[sallyport] COM_CHANGE_USER is not available through the gateway. Use statements; the session goes on. (code=COMMAND_REFUSED)",
    );
  });

  it("answers COM_STATISTICS with what the session did, and nothing of the upstream", async () => {
    expect((await client.command(COMMAND.STATISTICS))?.toString("latin1")).toMatch(
      /^Uptime: \d+ {2}Threads: 1 {2}Questions: 0/,
    );
  });

  it("changes the default schema by COM_INIT_DB and by USE, and records which one a statement ran in", async () => {
    expect((await client.command(COMMAND.INIT_DB, "mysql"))?.[0]).toBe(0);
    expect((await client.command(COMMAND.QUERY, "SET @a = 1"))?.[0]).toBe(0);
    expect((await client.command(COMMAND.QUERY, `USE ${database.name}`))?.[0]).toBe(0);
    expect((await client.command(COMMAND.QUERY, "SET @a = 2"))?.[0]).toBe(0);
    expect((await client.command(COMMAND.INIT_DB, "no_such"))?.[0]).toBe(0xff);
    expect(
      gateway.observed.statements.map((row) => [row.command, row.sql, row.defaultSchema, row.errorNumber]),
    ).toEqual([
      ["init_db", "mysql", database.name, null],
      ["query", "SET @a = 1", "mysql", null],
      ["query", `USE ${database.name}`, "mysql", null],
      ["query", "SET @a = 2", database.name, null],
      ["init_db", "no_such", database.name, 1049],
    ]);
  });

  it("shows session changes to clients that asked for them, and only to those", async () => {
    const plain = await client.command(COMMAND.QUERY, "USE mysql");
    expect(plain?.toString("hex")).toBe("00000002000000");
    const tracking = await RawClient.connect(gateway.port);
    const capabilities = RAW_CAPABILITIES | CAPABILITY.SESSION_TRACK;
    await tracking.logIn(TOKEN, { capabilities });
    const ok = readOk((await tracking.command(COMMAND.QUERY, "USE mysql")) ?? Buffer.alloc(0), capabilities);
    expect(changedSchema(ok.stateChanges)).toBe("mysql");
    tracking.destroy();
  });

  it("lists fields", async () => {
    await client.command(COMMAND.QUERY, "CREATE OR REPLACE TABLE listed (id INT, name VARCHAR(20))");
    expect((await client.command(COMMAND.FIELD_LIST, "listed\0"))?.toString("latin1")).toContain("listed");
    await client.read();
    expect((await client.read())?.[0]).toBe(0xfe);
    expect(gateway.observed.statements.at(-1)).toMatchObject({ command: "field_list", sql: "listed" });
  });

  it("forgets what a session had when it is reset", async () => {
    const prepared = await client.command(COMMAND.STMT_PREPARE, "SET @a = 1");
    const id = prepared?.readUInt32LE(1) ?? 0;
    expect((await client.command(COMMAND.RESET_CONNECTION))?.[0]).toBe(0);
    const error = readErr(
      (await client.command(COMMAND.STMT_EXECUTE, Buffer.concat([u32(id), Buffer.alloc(5)]))) ?? Buffer.alloc(0),
    );
    expect(error.errno).toBe(1243);
  });

  it("never sends statement ids upstream that the session did not get, 0xffffffff included", async () => {
    await client.command(COMMAND.STMT_PREPARE, "SET @a = 1");
    for (const id of [0xffff_ffff, 99]) {
      for (const code of [COMMAND.STMT_EXECUTE, COMMAND.STMT_FETCH, COMMAND.STMT_RESET]) {
        const answer = await client.command(code, Buffer.concat([u32(id), Buffer.alloc(5)]));
        expect(readErr(answer ?? Buffer.alloc(0)).errno).toBe(1243);
      }
      client.sequence = 0;
      client.send(Buffer.concat([Buffer.of(COMMAND.STMT_SEND_LONG_DATA), u32(id), Buffer.alloc(2), Buffer.from("x")]));
      client.sequence = 0;
      client.send(Buffer.concat([Buffer.of(COMMAND.STMT_CLOSE), u32(id)]));
    }
    expect((await client.command(COMMAND.PING))?.[0]).toBe(0);
    expect(readErr((await client.command(COMMAND.STMT_EXECUTE, "x")) ?? Buffer.alloc(0)).errno).toBe(1243);
  });

  it("fetches through a cursor, row by row", async () => {
    const prepared = await client.command(COMMAND.STMT_PREPARE, "SELECT 1 UNION SELECT 2 UNION SELECT 3");
    const id = u32(prepared?.readUInt32LE(1) ?? 0);
    await client.read();
    await client.read();
    const opened = await client.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1), u32(1)]));
    expect(opened?.toString("hex")).toBe("01");
    await client.read();
    expect((await client.read())?.readUInt16LE(3)).toSatisfy((status: number) => (status & 0x40) !== 0);
    expect((await client.command(COMMAND.STMT_FETCH, Buffer.concat([id, u32(2)])))?.[0]).toBe(0);
    expect((await client.read())?.[0]).toBe(0);
    expect((await client.read())?.readUInt16LE(3)).toSatisfy((status: number) => (status & 0x40) !== 0);
    expect((await client.command(COMMAND.STMT_FETCH, Buffer.concat([id, u32(2)])))?.[0]).toBe(0);
    expect((await client.read())?.readUInt16LE(3)).toSatisfy((status: number) => (status & 0x80) !== 0);
    expect((await client.command(COMMAND.PING))?.[0]).toBe(0);
  });

  it("runs pipelined commands in order, one at a time", async () => {
    const queries = Array.from({ length: 50 }, (_, i) => writeFrame(Buffer.from(`\x03SELECT ${100 + i}`), 0));
    client.raw(Buffer.concat(queries));
    for (let i = 0; i < 50; i += 1) {
      const packets = [
        await client.read(),
        await client.read(),
        await client.read(),
        await client.read(),
        await client.read(),
      ];
      expect(packets[3]?.toString("latin1")).toBe(`\x03${100 + i}`);
    }
    expect(gateway.observed.statements.map((row) => row.sequence)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it("passes on several results of one statement", async () => {
    const admin = await mysql.createConnection({ ...testServer(), database: database.name });
    await admin.query("CREATE OR REPLACE PROCEDURE twice() BEGIN SELECT 1 AS a; SELECT 2 AS b; END");
    await admin.end();
    const rules = [{ name: "call", effect: "allow", statements: ["call"], functions: ["twice"] }];
    gateway.settings.policies = [policy.parse({ name: "calls", identities: [], rules })];
    gateway.publish();
    const connection = await mysql.createConnection(clientOptions(gateway));
    const [results] = await connection.query("CALL twice()");
    expect(results).toMatchObject([[{ a: 1 }], [{ b: 2 }], {}]);
    await connection.end();
    gateway.settings.policies = [ALLOW_ALL];
    gateway.publish();
  });

  it("passes statements, parameters and rows of more than 16 MiB", async () => {
    const admin = await mysql.createConnection(testServer());
    await admin.query("SET GLOBAL max_allowed_packet = 67108864");
    await admin.end();
    const big = await mysql.createConnection(clientOptions(gateway));
    const text = "a".repeat(17 << 20);
    expect((await big.query(`SELECT LENGTH('${text}') AS n`))[0]).toEqual([{ n: text.length }]);
    expect((await big.execute("SELECT LENGTH(?) AS n", [text]))[0]).toEqual([{ n: text.length }]);
    const [rows] = await big.query<mysql.RowDataPacket[]>("SELECT REPEAT('b', 17825792) AS s");
    expect(rows[0]?.s).toHaveLength(17 << 20);
    await big.end();
    const record = gateway.observed.statements.find((row) => row.sql.startsWith("SELECT LENGTH('a"));
    expect(record).toMatchObject({ sqlCut: true, sqlBytes: text.length + 22 });
    expect(record?.sql).toHaveLength(65_536);
  });

  it("gives one statement to clients that asked for several, and refuses to turn the option on", async () => {
    const connection = await mysql.createConnection({ ...clientOptions(gateway), multipleStatements: true });
    expect((await connection.query("SELECT 1 AS a"))[0]).toEqual([{ a: 1 }]);
    await expect(connection.query("SELECT 1; SELECT 2")).rejects.toMatchObject({ errno: 1064 });
    await connection.end();
    expect(readErr((await client.command(COMMAND.SET_OPTION, Buffer.of(0, 0))) ?? Buffer.alloc(0)).errno).toBe(1047);
  });

  it("answers compressed packets, which it never offered, in the framing that the client reads", async () => {
    const php = await RawClient.connect(gateway.port);
    await php.logIn(TOKEN, { capabilities: RAW_CAPABILITIES | CAPABILITY.COMPRESS });
    const inner = writeFrame(Buffer.from("\x03SELECT 1"), 0);
    php.raw(Buffer.concat([Buffer.of(inner.length, 0, 0, 0, 0, 0, 0), inner]));
    const answer = await php.read();
    // The compressed header is 3 bytes longer than the plain one; behind it stands the ERR packet.
    expect(answer?.subarray(0, 3).toString("hex")).toBe("000000");
    expect(answer?.toString("utf8")).toContain("compress");
    await php.closed();
  });

  it("ends a session whose packets are out of order", async () => {
    client.raw(writeFrame(Buffer.of(COMMAND.PING), 7));
    await client.closed();
    expect(gateway.observed.ends.at(-1)?.reason).toBe("protocol_error");
  });

  it("records what ran, how long, and what it gave", async () => {
    await client.command(COMMAND.QUERY, "SELECT SLEEP(0.05), 'é' FROM (SELECT 1 UNION SELECT 2) t");
    await vi.waitFor(() => expect(gateway.observed.statements).toHaveLength(1), 20_000);
    const [row] = gateway.observed.statements;
    expect(row).toMatchObject({
      command: "query",
      rowCount: 2,
      affectedRows: 0,
      errorNumber: null,
      sequence: 1,
      sqlCut: false,
    });
    expect(row?.sql).toContain("'é'");
    expect(row?.durationUs).toBeGreaterThan(90_000);
    expect(row?.resultBytes).toBeGreaterThan(50);
  });

  it("runs nothing that it cannot record", async () => {
    gateway.settings.accepts = false;
    try {
      const error = readErr(
        (await client.command(COMMAND.QUERY, "CREATE TABLE unrecorded (id INT)")) ?? Buffer.alloc(0),
      );
      expect(error).toMatchObject({ errno: 1105, sqlState: "HY000" });
    } finally {
      gateway.settings.accepts = true;
    }
    expect((await client.command(COMMAND.QUERY, "SELECT * FROM unrecorded"))?.readUInt16LE(1)).toBe(1064);
  });
});
