import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import type { OutputPlan, ResultPlan } from "@/lib/masking/result-plan";
import { fakeMask } from "../masking/fake-masks";
import { COMMAND } from "../protocol/constants";

const SECRET = "078-05-1120";
const REVERSED = "0211-50-870";

describe("masked results, on a real server", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;
  let client: mysql.Connection;
  /** What the gate says of the statement with this text. */
  const plans = new Map<string, ResultPlan>();

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: database.name });
    await admin.query(
      "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40), ssn VARCHAR(20) DEFAULT 'ssn-default' UNIQUE, born DATE, salary DECIMAL(9,2), doc LONGBLOB)",
    );
    await admin.query(
      `INSERT INTO customers VALUES (1, 'Ada', '${SECRET}', '1815-12-10', 1234.50, NULL), (2, 'Bob', NULL, NULL, NULL, NULL)`,
    );
    gateway = await startGateway({ schema: database.name, cellMask: fakeMask });
    gateway.settings.changeRuling = (ruling, sql) => {
      const result = plans.get(sql) ?? null;
      return ruling.kind === "forward" ? { ...ruling, result } : ruling;
    };
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await admin.end();
    await gateway.close();
    await database.drop();
  });
  beforeEach(async () => {
    plans.clear();
    gateway.settings.limits = {};
    gateway.observed.statements.length = 0;
    gateway.observed.audits.length = 0;
    client = await mysql.createConnection(clientOptions(gateway));
    return () => client.end();
  });

  const shown = (column: string): OutputPlan => ({
    mask: null,
    origin: { schema: database.name, table: "customers", column },
  });
  const hidden = (method: "redact" | "null" | "token" | "email"): OutputPlan => ({
    mask: { method, options: {} },
    origin: null,
  });
  const isMasked: ResultPlan["hides"] = (schema, table, column) =>
    schema === database.name && table === "customers" && ["ssn", "born", "salary", "doc"].includes(column);
  const plan = (sql: string, outputs: ResultPlan["outputs"], scrub = false) =>
    plans.set(sql, { outputs, scrub, hides: isMasked, hidesNamed: null });

  const ALL = "SELECT id, ssn, born, salary, name FROM customers ORDER BY id";
  const planAll = () => plan(ALL, [shown("id"), hidden("token"), hidden("redact"), hidden("null"), shown("name")]);
  const MASKED = [
    { id: 1, ssn: REVERSED, born: "[redacted]", salary: null, name: "Ada" },
    { id: 2, ssn: null, born: null, salary: null, name: "Bob" },
  ];

  it("show the values without a plan, and hide them with one, in text and prepared statements", async () => {
    expect((await client.query<mysql.RowDataPacket[]>(ALL))[0][0]).toMatchObject({ ssn: SECRET, salary: "1234.50" });
    expect((await client.execute<mysql.RowDataPacket[]>(ALL))[0][0]).toMatchObject({ ssn: SECRET, salary: "1234.50" });
    await client.unprepare(ALL);
    planAll();
    expect((await client.query(ALL))[0]).toEqual(MASKED);
    expect((await client.execute(ALL))[0]).toEqual(MASKED);
    expect((await client.execute(ALL))[0]).toEqual(MASKED);
    const records = gateway.observed.statements.map((row) => [row.command, row.rowCount, row.maskedRows]);
    expect(records).toEqual([
      ["query", 2, 0],
      ["prepare", 0, 0],
      ["execute", 2, 0],
      ["query", 2, 2],
      ["prepare", 0, 0],
      ["execute", 2, 2],
      ["execute", 2, 2],
    ]);
  });

  it("mask what is fetched from a cursor as its execution was decided", async () => {
    planAll();
    const raw = await RawClient.connect(gateway.port);
    await raw.logIn(TOKEN);
    const prepared = await raw.command(COMMAND.STMT_PREPARE, ALL);
    const id = prepared?.subarray(1, 5) ?? Buffer.alloc(4);
    const readMany = async (count: number) => {
      const packets: Buffer[] = [];
      for (let at = 0; at < count; at += 1) packets.push((await raw.read()) ?? Buffer.alloc(0));
      return Buffer.concat(packets);
    };
    await readMany(6);
    const fetch = Buffer.concat([id, Buffer.of(2, 0, 0, 0)]);
    raw.sequence = 0;
    await raw.command(COMMAND.STMT_FETCH, fetch).then((answer) => expect(answer?.readUInt16LE(1)).toBe(1421));
    await raw.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1, 1, 0, 0, 0)]));
    await readMany(6);
    // The statement is decided otherwise by now; the open cursor is not.
    plans.clear();
    const first = (await raw.command(COMMAND.STMT_FETCH, fetch)) ?? Buffer.alloc(0);
    const rows = Buffer.concat([first, await readMany(2)]);
    expect(rows.includes(REVERSED)).toBe(true);
    expect(rows.includes(SECRET)).toBe(false);
    expect(rows.includes("Bob")).toBe(true);
    await raw.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1, 1, 0, 0, 0)]));
    await readMany(6);
    const control = Buffer.concat([
      (await raw.command(COMMAND.STMT_FETCH, fetch)) ?? Buffer.alloc(0),
      await readMany(2),
    ]);
    expect(control.includes(SECRET)).toBe(true);
    raw.destroy();
  });

  it("stream rows of 17 MiB with a mask beside the long value, and with one on it", async () => {
    await admin.query("UPDATE customers SET doc = REPEAT('d', 17 << 20) WHERE id = 1");
    const beside = "SELECT ssn, REPEAT('x', 17 << 20) AS pad, id FROM customers ORDER BY id";
    const upon = "SELECT doc, id FROM customers ORDER BY id";
    plan(beside, [hidden("token"), { mask: null, origin: null }, shown("id")]);
    plan(upon, [hidden("token"), shown("id")]);
    const runs = [
      (sql: string) => client.query<mysql.RowDataPacket[]>(sql),
      (sql: string) => client.execute<mysql.RowDataPacket[]>(sql),
    ];
    for (const run of runs) {
      const [rows] = await run(beside);
      expect(rows.map((row) => [row.ssn, row.pad.length, row.id])).toEqual([
        [REVERSED, 17 << 20, 1],
        [null, 17 << 20, 2],
      ]);
      // Too long to be looked at.
      expect((await run(upon))[0]).toEqual([
        { doc: "[redacted]", id: 1 },
        { doc: null, id: 2 },
      ]);
      expect((await run("SELECT 'next' AS s"))[0]).toEqual([{ s: "next" }]);
    }
    await admin.query("UPDATE customers SET doc = NULL");
  });

  it("count against the limit of bytes as the client gets them", async () => {
    const sql = "SELECT ssn, REPEAT(ssn, 10000) AS longer FROM customers WHERE id = 1";
    gateway.settings.limits = { max_result_bytes: 2000 };
    const limited = await mysql.createConnection(clientOptions(gateway));
    await expect(limited.query(sql)).rejects.toMatchObject({ errno: 1226 });
    plan(sql, [hidden("redact"), hidden("redact")]);
    expect((await limited.query(sql))[0]).toEqual([{ ssn: "[redacted]", longer: "[redacted]" }]);
    expect(gateway.observed.statements.at(-1)?.resultBytes).toBeLessThan(2000);
    await limited.end();
  });

  it("are refused when the server says that a shown column is a masked one; the session lives on", async () => {
    const sql = "SELECT id, ssn AS harmless FROM customers ORDER BY id";
    plan(sql, [shown("id"), { mask: null, origin: null }]);
    const message = new RegExp(
      `result column 2 comes from ${database.name}\\.customers\\.ssn, which is masked, .*Select the column by its name.*code=MASK_UNSAFE event=`,
    );
    await expect(client.query(sql)).rejects.toMatchObject({ errno: 1143, message: expect.stringMatching(message) });
    await expect(client.execute(sql)).rejects.toMatchObject({ errno: 1143, message: expect.stringMatching(message) });
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
    const [event] = gateway.observed.audits.filter(({ action }) => action === "mask.disagreement");
    expect(event).toMatchObject({
      result: "refused",
      code: "MASK_UNSAFE",
      objectId: gateway.observed.statements[0]?.id,
      detail: { column: 2, origin: `${database.name}.customers.ssn` },
    });
    expect(gateway.observed.statements[0]).toMatchObject({ errorNumber: 1143, rowCount: 0 });
    const [counts] = await client.query<mysql.RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Com_stmt_%'");
    const count = new Map(counts.map((row) => [row.Variable_name, row.Value]));
    expect([count.get("Com_stmt_prepare"), count.get("Com_stmt_close")]).toEqual(["1", "1"]);
  });

  it("are refused when the number of columns differs, and interrupted upstream when they are long", async () => {
    const sql = "SELECT name, REPEAT('y', 100000) FROM customers, information_schema.columns";
    plan(sql, [shown("name")]);
    await expect(client.query(sql)).rejects.toMatchObject({ errno: 1143 });
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
  });

  it("come with errors and warnings that quote no value, and those can not be asked for afterwards", async () => {
    const warned = "SELECT CAST(ssn AS SIGNED) AS n FROM customers WHERE id = 1";
    const failed = "INSERT INTO customers (id, ssn) SELECT 9, ssn FROM customers WHERE id = 1";
    await expect(client.query(failed)).rejects.toThrow(SECRET);
    await client.query(warned);
    expect((await client.query<mysql.RowDataPacket[]>("SHOW WARNINGS"))[0][0]?.Message).toContain(SECRET);

    plan(warned, [hidden("redact")], true);
    plan(failed, [hidden("redact")], true);
    const error = await client.query(failed).catch((reason) => reason);
    expect(error).toMatchObject({ errno: 1062, message: expect.stringContaining("Its text could show masked values") });
    expect(error.message).not.toContain(SECRET);
    expect(gateway.observed.statements.at(-1)?.errorMessage).not.toContain(SECRET);
    const refused = { errno: 1143, message: expect.stringContaining("could show masked values") };
    await expect(client.query("SHOW WARNINGS")).rejects.toMatchObject(refused);
    expect((await client.query(warned))[0]).toEqual([{ n: "[redacted]" }]);
    await expect(client.execute("SHOW ERRORS")).rejects.toMatchObject(refused);
    // None of these makes the server forget.
    await client.ping();
    for (const sql of ["SELECT 1", "SET @a = 1", "BEGIN", "COMMIT", "SELECT DATABASE()"]) await client.query(sql);
    await client.query("SELEC").catch(() => undefined);
    await expect(client.query("SHOW WARNINGS")).rejects.toMatchObject(refused);
    await client.query("SELECT id FROM customers");
    expect((await client.query("SHOW WARNINGS"))[0]).toEqual([]);
  });

  it("can not be had from warnings that an answer of the query cache left as they were", async () => {
    onTestFinished(async () => {
      await admin.query("SET GLOBAL query_cache_size = 0");
      await admin.query("SET GLOBAL query_cache_type = OFF");
    });
    await admin.query("SET GLOBAL query_cache_type = ON");
    await admin.query("SET GLOBAL query_cache_size = 1048576");
    const other = await mysql.createConnection(clientOptions(gateway));
    const warned = "SELECT CAST(ssn AS SIGNED) AS n FROM customers WHERE id = 1";
    plan(warned, [hidden("redact")], true);
    for (let run = 0; run < 3; run += 1) {
      await other.query(warned);
      await other.execute("SELECT id FROM customers");
      expect((await other.query("SHOW WARNINGS"))[0]).toEqual([]);
    }
    await other.end();
  });

  it("lose the defaults of masked columns in lists of fields", async () => {
    const fields = async () => {
      const raw = await RawClient.connect(gateway.port);
      await raw.logIn(TOKEN);
      const packets = [await raw.command(COMMAND.FIELD_LIST, "customers\0")];
      while (packets.at(-1)?.[0] !== 0xfe) packets.push(await raw.read());
      raw.destroy();
      return Buffer.concat(packets.map((packet) => packet ?? Buffer.alloc(0)));
    };
    expect((await fields()).includes("ssn-default")).toBe(true);
    plan("customers", null);
    const listed = await fields();
    expect(listed.includes("ssn-default")).toBe(false);
    expect(listed.includes("ssn")).toBe(true);
  });
});
