import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { ALLOW_ALL, clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { policy } from "@/lib/policy/rule";
import { COMMAND } from "../protocol/constants";
import { lenencString } from "../protocol/packet-writer";
import { readStmtPrepareOk } from "../protocol/stmt-prepare-ok";

const u16 = (value: number) => Buffer.of(value & 0xff, value >> 8);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe("the bound values in the record of an execution", () => {
  let one: TestDatabase;
  let other: TestDatabase;
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    [one, other] = [await createTestDatabase(), await createTestDatabase()];
    const admin = await mysql.createConnection(testServer());
    for (const [at, { name }] of [one, other].entries()) {
      await admin.query(`CREATE TABLE ${name}.t (id INT PRIMARY KEY, s VARCHAR(50), b BLOB)`);
      await admin.query(`INSERT INTO ${name}.t VALUES (${at + 1}, 'a', NULL)`);
    }
    await admin.end();
    gateway = await startGateway({ schema: one.name });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await gateway.close();
    await one.drop();
    await other.drop();
  });
  beforeEach(() => {
    gateway.settings.policies = [ALLOW_ALL];
    gateway.publish();
    gateway.observed.statements.length = 0;
  });

  async function connect(): Promise<mysql.Connection> {
    const client = await mysql.createConnection(clientOptions(gateway));
    onTestFinished(() => client.end());
    return client;
  }
  const executions = () => gateway.observed.statements.filter(({ command }) => command === "execute");

  it("are those of every execution, and of nothing else, though no rule looks at them", async () => {
    const client = await connect();
    const sql = "SELECT s FROM t WHERE id = ? OR s = ? OR s <=> ?";
    await client.query("SELECT s FROM t WHERE id = 1");
    await client.execute(sql, [1, "ä'", null]);
    await client.execute(sql, [2, "again", "x"]);
    await client.execute("SELECT 1");
    await client.execute("INSERT INTO t (id, b) VALUES (?, ?)", [9, Buffer.from("ab")]);
    expect(gateway.observed.statements.map(({ command, parameters }) => [command, parameters])).toEqual([
      ["query", null],
      ["prepare", null],
      ["execute", [{ kind: "number", text: "1", form: "float" }, { kind: "string", text: "ä'" }, { kind: "null" }]],
      [
        "execute",
        [
          { kind: "number", text: "2", form: "float" },
          { kind: "string", text: "again" },
          { kind: "string", text: "x" },
        ],
      ],
      ["prepare", null],
      ["execute", []],
      ["prepare", null],
      [
        "execute",
        [
          { kind: "number", text: "9", form: "float" },
          // SHA-256 of "ab".
          { kind: "bytes", sha256: "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603" },
        ],
      ],
    ]);
  });

  it("are there for refused executions too", async () => {
    gateway.settings.policies = [
      policy.parse({
        name: "own",
        identities: [],
        rules: [
          {
            ...{ name: "one", effect: "allow", template: "SELECT s FROM t WHERE id = ?" },
            parameters: [{ range: [1, 5] }],
          },
        ],
      }),
    ];
    gateway.publish();
    const client = await connect();
    await expect(client.execute("SELECT s FROM t WHERE id = ?", [6])).rejects.toMatchObject({ errno: 1227 });
    expect(executions()).toMatchObject([{ effect: "deny", parameters: [{ kind: "number", text: "6" }] }]);
  });

  it("are left out when they are too many or too long, and the statement runs as ever", async () => {
    const client = await connect();
    const values = Array.from({ length: 101 }, (_, at) => at);
    await client.execute(`SELECT s FROM t WHERE id IN (${values.map(() => "?").join(",")})`, values);
    await client.execute("SELECT LENGTH(?) AS n", ["x".repeat(9_000)]);
    const [rows] = await client.execute("SELECT LENGTH(?) AS n", ["y".repeat(300_000)]);
    expect(rows).toEqual([{ n: 300_000 }]);
    expect(executions().map(({ parameters, errorNumber }) => [parameters, errorNumber])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it("come with the schema in which the names were resolved, whatever the session has entered since", async () => {
    const client = await connect();
    const sql = "SELECT id FROM t WHERE id < ?";
    const prepared = await client.prepare(sql);
    await client.query(`USE ${other.name}`);
    expect((await prepared.execute([9]))[0]).toEqual([{ id: 1 }]);
    await client.query("SELECT id FROM t");
    expect(gateway.observed.statements.map(({ command, defaultSchema }) => [command, defaultSchema])).toEqual([
      ["prepare", one.name],
      ["query", one.name],
      ["execute", one.name],
      ["query", other.name],
    ]);
  });

  it("are unknown for a packet that can not be read: sent on where no rule needs it, as the server must see it", async () => {
    const client = await RawClient.connect(gateway.port);
    onTestFinished(() => client.destroy());
    await client.logIn(TOKEN);
    const ok = readStmtPrepareOk(
      (await client.command(COMMAND.STMT_PREPARE, "INSERT INTO t (id, s) VALUES (?, ?)")) ?? Buffer.alloc(0),
    );
    for (let at = 0; at < 3; at += 1) await client.read();
    const run = (typed: Buffer, ...values: Buffer[]) =>
      client.command(
        COMMAND.STMT_EXECUTE,
        Buffer.concat([u32(ok.statementId), Buffer.of(0), u32(1), Buffer.of(0), typed, ...values]),
      );
    const types = Buffer.concat([Buffer.of(1), u16(3), u16(0xfd)]);
    expect((await run(types, u32(21), lenencString(Buffer.from("a"))))?.[0]).toBe(0);
    // Bytes behind the values: not what the protocol says, and the server does not mind.
    expect((await run(types, u32(22), lenencString(Buffer.from("b")), Buffer.of(7)))?.[0]).toBe(0);
    expect((await run(Buffer.of(0), u32(23), lenencString(Buffer.from("c"))))?.[0]).toBe(0);
    expect(executions().map(({ parameters }) => parameters?.map((value) => "text" in value && value.text))).toEqual([
      ["21", "a"],
      undefined,
      ["23", "c"],
    ]);
  });
});
