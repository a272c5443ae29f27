import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import { type RestrictedGateway, startRestrictedGateway } from "@/e2e/support/restricted-gateway";
import { clientOptions, TOKEN } from "@/e2e/support/wire-gateway";
import { COMMAND } from "../protocol/constants";
import { readErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { readStmtPrepareOk } from "../protocol/stmt-prepare-ok";

describe("one session on two connections, on a real server", () => {
  let world: RestrictedGateway;

  beforeAll(async () => {
    world = await startRestrictedGateway(
      [
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn CHAR(11))",
        "INSERT INTO people VALUES (1, 'Ada', '901-11-1111'), (2, 'Ben', '902-22-2222')",
        "CREATE TABLE notes (id INT PRIMARY KEY, note VARCHAR(40))",
        "INSERT INTO notes VALUES (1, 'a'), (2, 'b')",
      ],
      [{ column: "people.ssn", method: "redact" }],
    );
  });
  afterAll(() => world.close());

  it("keeps prepared statements of both connections apart, whose servers give out the same ids", async () => {
    const raw = await RawClient.connect(world.gateway.port);
    await raw.logIn(TOKEN);
    const prepare = async (sql: string, definitions: number) => {
      const ok = readStmtPrepareOk((await raw.command(COMMAND.STMT_PREPARE, sql)) ?? Buffer.alloc(0));
      for (let at = 0; at < definitions; at += 1) await raw.read();
      return ok.statementId;
    };
    const named = (id: number, ...rest: number[]) => {
      const bytes = Buffer.alloc(4 + rest.length, Buffer.from([0, 0, 0, 0, ...rest]));
      bytes.writeUInt32LE(id);
      return bytes;
    };
    const run = async (id: number) => {
      const packets = [(await raw.command(COMMAND.STMT_EXECUTE, named(id, 0, 1, 0, 0, 0))) ?? Buffer.alloc(0)];
      if (packets[0]?.[0] === 0xff) return readErr(packets[0]).message;
      while (packets.filter((one) => one[0] === 0xfe && one.length < 9).length < 2) {
        packets.push((await raw.read()) ?? Buffer.alloc(0));
      }
      return Buffer.concat(packets).toString("latin1");
    };
    const ids = [
      await prepare("SELECT name FROM people WHERE id = 1", 2),
      await prepare("SELECT ssn FROM people WHERE id = 1", 2),
      await prepare("SELECT note FROM notes WHERE id = 2", 2),
      await prepare("SELECT ssn, name FROM people WHERE id = 2", 3),
    ];
    expect(new Set(ids).size).toBe(4);
    const expected = ["Ada", "[redacted]", "b", "Ben"];
    for (const [at, id] of ids.entries()) expect(await run(id)).toContain(expected[at]);
    const [name = 0, ssn = 0, note = 0] = ids;
    raw.sequence = 0;
    raw.send(Buffer.concat([Buffer.of(COMMAND.STMT_CLOSE), named(name)]));
    expect(await run(ssn)).toContain("[redacted]");
    expect(await run(name)).toContain("Unknown prepared statement handler");
    expect((await raw.command(COMMAND.STMT_RESET, named(ssn)))?.[0]).toBe(0);
    expect(await run(note)).toContain("b");
    raw.destroy();
  });

  it("gives the rows of a cursor, fetched while the other connection works", async () => {
    const raw = await RawClient.connect(world.gateway.port);
    await raw.logIn(TOKEN);
    const many = async (count: number) => {
      const packets: Buffer[] = [];
      for (let at = 0; at < count; at += 1) packets.push((await raw.read()) ?? Buffer.alloc(0));
      return packets;
    };
    const ok = readStmtPrepareOk(
      (await raw.command(COMMAND.STMT_PREPARE, "SELECT id, ssn FROM people ORDER BY id")) ?? Buffer.alloc(0),
    );
    await many(3);
    const id = Buffer.alloc(4);
    id.writeUInt32LE(ok.statementId);
    await raw.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1, 1, 0, 0, 0)]));
    await many(3);
    for (const turn of [1, 2]) {
      await raw.command(COMMAND.QUERY, "SELECT id, name FROM people WHERE id = 2");
      await many(5);
      const row = await raw.command(COMMAND.STMT_FETCH, Buffer.concat([id, Buffer.of(1, 0, 0, 0)]));
      expect(row?.readUInt32LE(2)).toBe(turn);
      expect(row?.toString("latin1")).toContain("[redacted]");
      await many(1);
    }
    raw.destroy();
  });

  it("keeps the order of commands that a client sends at once", async () => {
    const raw = await RawClient.connect(world.gateway.port);
    await raw.logIn(TOKEN);
    const query = (sql: string) => writeFrame(Buffer.concat([Buffer.of(COMMAND.QUERY), Buffer.from(sql)]), 0);
    const texts = [
      "SELECT ssn FROM people WHERE id = 1",
      "SELECT name FROM people WHERE id = 2",
      "SELECT id, ssn FROM people WHERE id = 1",
    ];
    raw.raw(Buffer.concat(texts.map(query)));
    const packets: string[] = [];
    for (let at = 0; at < 5 + 5 + 6; at += 1) packets.push((await raw.read())?.toString("latin1") ?? "");
    expect([packets[3], packets[8], packets[14]]).toEqual(["\x0a[redacted]", "\x03Ben", "\x011\x0a[redacted]"]);
    raw.destroy();
  });

  it("asks to prepare a statement again that a changed mask moves to the other connection", async () => {
    const client = await mysql.createConnection(clientOptions(world.gateway));
    const { settings } = world.gateway;
    const before = settings.masks;
    const statement = await client.prepare("SELECT name, note FROM people JOIN notes USING (id) WHERE id = ?");
    expect((await statement.execute([1]))[0]).toEqual([{ name: "Ada", note: "a" }]);
    settings.masks = before.map((one) => ({ ...one, column: one.column.replace(/ssn$/, "name") }));
    world.gateway.publish();
    await expect(statement.execute([1])).rejects.toMatchObject({
      errno: 1243,
      message: expect.stringContaining("prepare the statement again"),
    });
    settings.masks = before;
    world.gateway.publish();
    expect((await statement.execute([2]))[0]).toEqual([{ name: "Ben", note: "b" }]);
    await client.end();
  });
});
