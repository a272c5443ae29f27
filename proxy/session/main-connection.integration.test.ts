import mysql, { type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { type RestrictedGateway, startRestrictedGateway } from "@/e2e/support/restricted-gateway";
import { testServer } from "@/e2e/support/store";
import { ALLOW_ALL, clientOptions, TOKEN } from "@/e2e/support/wire-gateway";
import { policy } from "@/lib/policy/rule";
import { COMMAND, STATUS } from "../protocol/constants";
import { readEof } from "../protocol/eof-packet";
import { readOk } from "../protocol/ok-packet";

const MASKED = "SELECT id, ssn FROM people ORDER BY id LIMIT 1";
const SHOWN = [{ id: 1, ssn: "[redacted]" }];

describe("the connection that reads masked columns, on a real server", () => {
  let world: RestrictedGateway;
  let client: mysql.Connection;

  const rows = async (sql: string, connection = client) => (await connection.query<RowDataPacket[]>(sql))[0];
  const first = async (sql: string) => (await rows(sql))[0];
  const threadsOf = async (user: string): Promise<number[]> => {
    const [found] = await world.admin.query<RowDataPacket[]>(
      "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ? AND DB IS NOT NULL",
      [user],
    );
    return found.map((row) => Number(row.ID));
  };
  const isRunning = async (user: string, what: string) => {
    const [found] = await world.admin.query<RowDataPacket[]>(
      "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ? AND INFO LIKE ?",
      [user, `%${what}%`],
    );
    return found.length > 0;
  };

  beforeAll(async () => {
    world = await startRestrictedGateway(
      [
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn CHAR(11), at TIMESTAMP)",
        "INSERT INTO people VALUES (1, 'Ada', '901-11-1111', '2020-01-01 12:00:00'), (2, 'Ben', '902-22-2222', NULL)",
        "CREATE TABLE notes (id INT PRIMARY KEY, note VARCHAR(40))",
        "INSERT INTO notes VALUES (1, 'a'), (2, 'b')",
      ],
      [{ column: "people.ssn", method: "redact" }],
    );
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.gateway.settings.limits = {};
    client = await mysql.createConnection({ ...clientOptions(world.gateway), dateStrings: true });
  });
  afterEach(() => client.end().catch(() => undefined));

  it("is in the session's default schema, and follows it", async () => {
    expect(await first("SELECT DATABASE() AS db, ssn FROM people LIMIT 1")).toMatchObject({ db: world.schema });
    await client.query("USE information_schema");
    const { schema } = world;
    expect(await first(`SELECT DATABASE() AS db, ssn FROM ${schema}.people LIMIT 1`)).toEqual({
      db: "information_schema",
      ssn: "[redacted]",
    });
    await client.query(`USE ${schema}`);
    expect(await rows(MASKED)).toEqual(SHOWN);
  });

  it("has the settings that the session had before and makes after", async () => {
    const seen = "SELECT at, @a AS a, @@group_concat_max_len AS longest, ssn FROM people WHERE id = 1";
    const variables = policy.parse({
      name: "variables",
      identities: [],
      rules: [{ name: "variables", effect: "allow", template: seen }],
    });
    world.gateway.settings.policies = [ALLOW_ALL, variables];
    world.gateway.publish();
    await client.query("SET time_zone = '+02:00', @a = 5, SESSION group_concat_max_len = 4321");
    await client.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await client.query("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'");
    const own = await first("SELECT at FROM people WHERE id = 1");
    expect(await first(seen)).toEqual({ ...own, a: 5, longest: 4321, ssn: "[redacted]" });
    expect(await first("SELECT @@tx_isolation AS level, @@sql_mode AS mode, ssn FROM people LIMIT 1")).toEqual({
      level: "READ-COMMITTED",
      mode: "STRICT_TRANS_TABLES",
      ssn: "[redacted]",
    });
    await client.query("SET time_zone = '-03:00', @a = 'x'");
    expect(await first(seen)).toMatchObject({ ...(await first("SELECT at FROM people WHERE id = 1")), a: "x" });
    await client.execute("SET @a = 'prepared'");
    expect(await first(seen)).toMatchObject({ a: "prepared" });
    for (let at = 0; at < 200; at += 1) await client.query(`SET @a = ${at}`);
    expect(await first(seen)).toMatchObject({ a: 199 });
    for (let at = 0; at < 200; at += 1) await client.query(`SET @a${at} = ${at}`);
    await expect(client.query(seen)).rejects.toThrow(/more settings than.*code=LIMIT_EXCEEDED/);
    expect(await first("SELECT name FROM people LIMIT 1")).toEqual({ name: "Ada" });
  });

  it("stays in autocommit, while the client sees the transaction that its own connection is in", async () => {
    const raw = await RawClient.connect(world.gateway.port);
    await raw.logIn(TOKEN);
    const endOf = async (sql: string) => {
      let packet = await raw.command(COMMAND.QUERY, sql);
      const ends: number[] = [];
      while (packet !== null && ends.length < 2) {
        if (packet[0] === 0xfe && packet.length < 9) ends.push(readEof(packet).status);
        if (ends.length < 2) packet = await raw.read();
      }
      return ends.map((status) => status & (STATUS.IN_TRANS | STATUS.AUTOCOMMIT));
    };
    expect(await endOf(MASKED)).toEqual([STATUS.AUTOCOMMIT, STATUS.AUTOCOMMIT]);
    readOk((await raw.command(COMMAND.QUERY, "SET autocommit = 0")) ?? Buffer.alloc(0), 0);
    readOk((await raw.command(COMMAND.QUERY, "BEGIN")) ?? Buffer.alloc(0), 0);
    expect(await endOf(MASKED)).toEqual([STATUS.IN_TRANS, STATUS.IN_TRANS]);
    const [open] = await world.admin.query<RowDataPacket[]>(
      "SELECT trx_id FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id IN (?)",
      [await threadsOf(world.mainUser)],
    );
    expect(open).toEqual([]);
    raw.destroy();
  });

  it("reads inside of a transaction until that has changed something", async () => {
    await client.beginTransaction();
    await rows("SELECT note FROM notes");
    expect(await rows(MASKED)).toEqual(SHOWN);
    await client.query("UPDATE notes SET note = 'c' WHERE id = 1");
    const refused = client.query(MASKED);
    await expect(refused).rejects.toThrow(/transaction has changed something.*Commit first.*code=MASK_UNSAFE/);
    expect(await first("SELECT note FROM notes WHERE id = 1")).toEqual({ note: "c" });
    await client.query("SAVEPOINT s");
    await client.query("ROLLBACK TO s");
    await expect(client.query(MASKED)).rejects.toMatchObject({ errno: 1143 });
    await client.rollback();
    expect(await rows(MASKED)).toEqual(SHOWN);
    await client.query("SET autocommit = 0");
    await client.query("UPDATE notes SET note = 'c' WHERE id = 1");
    await expect(client.query(MASKED)).rejects.toMatchObject({ errno: 1143 });
    await client.query("COMMIT AND CHAIN");
    expect(await rows(MASKED)).toEqual(SHOWN);
    await client.query("COMMIT");
    await client.query("SET autocommit = 1");
    await client.query("UPDATE notes SET note = 'a' WHERE id = 1");
    expect(await rows(MASKED)).toEqual(SHOWN);
  });

  it("locks no rows for a transaction on the other connection", async () => {
    const locking = "SELECT ssn FROM people WHERE id = 1 FOR UPDATE";
    expect(await rows(locking)).toEqual([{ ssn: "[redacted]" }]);
    await client.beginTransaction();
    await expect(client.query(locking)).rejects.toThrow(/can not be locked.*code=MASK_UNSAFE/);
    await client.rollback();
  });

  it("goes with a reset, and comes back when it is needed", async () => {
    await client.query("SET time_zone = '+05:00'");
    expect(await rows(MASKED)).toEqual(SHOWN);
    expect(await world.connectionsOf(world.mainUser)).toBe(1);
    await client.reset();
    await vi.waitFor(async () => expect(await world.connectionsOf(world.mainUser)).toBe(0), 20_000);
    expect(await first("SELECT @@time_zone AS zone, ssn FROM people LIMIT 1")).toEqual({
      ...(await first("SELECT @@time_zone AS zone")),
      ssn: "[redacted]",
    });
    expect(await first("SELECT @@time_zone AS zone")).not.toEqual({ zone: "+05:00" });
  });

  describe("while the server is asked for its opinion", () => {
    let reader: mysql.Connection;
    let changer: mysql.Connection;
    let altered: Promise<unknown>;
    /** A definition that waits for a reader makes everybody else wait who opens the table. */
    beforeEach(async () => {
      const server = { ...testServer(), database: world.schema };
      reader = await mysql.createConnection(server);
      changer = await mysql.createConnection(server);
      await reader.query("BEGIN");
      await reader.query("SELECT * FROM people");
      altered = changer.query("ALTER TABLE people COMMENT = 'x'");
      await vi.waitFor(
        async () => expect(await isRunning(server.user, "ALTER TABLE people COMMENT")).toBe(true),
        20_000,
      );
    });
    afterEach(async () => {
      await reader.query("COMMIT");
      await altered;
      await reader.end();
      await changer.end();
    });
    const unseen = "SELECT ssn, id, name FROM people";

    it("stops at KILL QUERY, and the session goes on", async () => {
      const other = await mysql.createConnection(clientOptions(world.gateway));
      const [own] = await rows("SELECT CONNECTION_ID() AS id");
      const running = client.query(`${unseen} WHERE id = 1`).catch((error: Error) => error);
      await vi.waitFor(async () => expect(await isRunning(world.cleanUser, unseen)).toBe(true), 20_000);
      await other.query(`KILL QUERY ${own?.id}`);
      expect(await running).toMatchObject({ errno: 1317 });
      expect(await first("SELECT note FROM notes WHERE id = 2")).toEqual({ note: "b" });
      await other.end();
    });

    it("keeps the time limit, and the session goes on", async () => {
      world.gateway.settings.limits = { max_seconds: 1 };
      const limited = await mysql.createConnection(clientOptions(world.gateway));
      await expect(limited.query(`${unseen} WHERE id = 2 AND name = 'x'`)).rejects.toMatchObject({ errno: 1226 });
      expect(await rows("SELECT note FROM notes WHERE id = 2", limited)).toEqual([{ note: "b" }]);
      await limited.end();
    });
  });

  it("ends with its session", async () => {
    await rows(MASKED);
    await client.end();
    await vi.waitFor(async () => expect(await world.connectionsOf(world.mainUser)).toBe(0), 20_000);
  });

  describe("when it breaks", () => {
    const slow = "SELECT ssn, SLEEP(30) AS s FROM people WHERE id = 1";
    const exempted = () => {
      world.gateway.settings.masks = world.gateway.settings.masks.map((one) => ({ ...one, derived: "mask" as const }));
      world.gateway.publish();
    };

    it("is opened anew for the next statement, and the session lives on", async () => {
      await rows(MASKED);
      const [thread] = await threadsOf(world.mainUser);
      await world.admin.query(`KILL ${thread}`);
      await vi.waitFor(async () => expect(await world.connectionsOf(world.mainUser)).toBe(0), 20_000);
      await vi.waitFor(async () => expect(await rows(MASKED)).toEqual(SHOWN), 20_000);
      expect(await first("SELECT name FROM people LIMIT 1")).toEqual({ name: "Ada" });
    });

    it("fails the statement that it runs, and only that", async () => {
      exempted();
      const running = client.query(slow).catch((error: Error) => error);
      await vi.waitFor(async () => expect(await isRunning(world.mainUser, "SLEEP")).toBe(true), 20_000);
      for (const thread of await threadsOf(world.mainUser)) await world.admin.query(`KILL ${thread}`);
      expect(await running).toMatchObject({ errno: expect.any(Number) });
      expect(await first("SELECT name FROM people LIMIT 1")).toEqual({ name: "Ada" });
      expect(await rows(MASKED)).toEqual(SHOWN);
    });

    it("is told to stop by the account that it has, for KILL QUERY and for a time limit", async () => {
      exempted();
      const other = await mysql.createConnection(clientOptions(world.gateway));
      const [own] = await rows("SELECT CONNECTION_ID() AS id");
      const running = client.query(slow).catch((error: Error) => error);
      await vi.waitFor(async () => expect(await isRunning(world.mainUser, "SLEEP")).toBe(true), 20_000);
      await other.query(`KILL QUERY ${own?.id}`);
      await running;
      await vi.waitFor(async () => expect(await isRunning(world.mainUser, "SLEEP")).toBe(false), 10_000);
      await other.end();
      world.gateway.settings.limits = { max_seconds: 1 };
      const limited = await mysql.createConnection(clientOptions(world.gateway));
      await expect(limited.query(slow)).rejects.toMatchObject({ errno: 1226 });
      await vi.waitFor(async () => expect(await isRunning(world.mainUser, "SLEEP")).toBe(false), 10_000);
      expect(await rows(MASKED, limited)).toEqual(SHOWN);
      await limited.end();
    });
  });
});
