import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askByCursor } from "@/e2e/support/raw-answer";
import { RAW_CAPABILITIES } from "@/e2e/support/raw-client";
import { logInRaw } from "@/e2e/support/raw-rows";
import { insertChunks } from "@/e2e/support/recorded-session";
import {
  ctxOf,
  idAt,
  insertGateway,
  insertIdentity,
  insertSession,
  insertStatements,
  statementRow,
} from "@/e2e/support/rows";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { WireTap } from "@/e2e/support/wire-tap";
import { CAPABILITY, COMMAND, HEADER } from "@/proxy/protocol/constants";
import { readChunkFrames } from "./chunk-frames";
import { readChunkHeads } from "./chunk-heads";
import { exportReplay } from "./export-replay";
import type { Frame } from "./frame";
import { getReplay } from "./get-replay";
import { getStatementReplay } from "./get-statement-replay";
import type { ReplayValue, StatementReplay } from "./replay-model";
import { searchReplay } from "./search-replay";

const TABLE = `CREATE TABLE every_type (
  id INT UNSIGNED PRIMARY KEY, ti TINYINT, tiu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT, bi BIGINT, biu BIGINT UNSIGNED, zf INT(8) UNSIGNED ZEROFILL,
  f FLOAT, f2 FLOAT(8,2), d DOUBLE, d2 DOUBLE(12,3), de DECIMAL(30,10), da DATE, dt DATETIME, dt6 DATETIME(6), ts TIMESTAMP(3) NULL, tm TIME, tm3 TIME(3), y YEAR,
  bt BIT(12), vc VARCHAR(100), ch CHAR(5), lt VARCHAR(50) CHARACTER SET latin1, vb VARBINARY(20), bn BINARY(4), tx TEXT, bl BLOB, lb LONGBLOB,
  en ENUM('new','paid'), st SET('a','b','c'), js JSON, g GEOMETRY) CHARACTER SET utf8mb4`;
const ROWS = [
  `(1, -128, 255, -32768, -8388608, -9223372036854775808, 18446744073709551615, 42, 1.1, 3.14159, 0.1, 2.5, 12345678901234567890.0123456789, '2024-02-29', '2024-02-29 23:59:58', '2024-02-29 01:02:03.000456', '2024-02-29 01:02:03.5', '-838:59:59', '100:00:00.25', 2024, b'101010101010', 'emoji 🚪 and ''quotes''', 'abc', 'crème', x'00ff10', x'01', 'tab\\tnew\\nline', x'00010203', REPEAT(x'ab', 70000), 'paid', 'a,c', '{"a": [1, "ü"]}', POINT(1, 2))`,
  `(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  `(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '00:00:00', '00:00:00', 0, b'0', '', '', '', '', '', '', '', '', 'new', '', '{}', POINT(0, 0))`,
  `(4, 1, 1, 1, 1, 1, 1, 123456789, 1e30, 99999.99, 1e20, -1.0005, -0.5, '9999-12-31', '1000-01-01 00:00:00', '9999-12-31 23:59:59.999999', '2038-01-01 00:00:00', '838:59:59', '-00:00:00.001', 2155, b'1', REPEAT('ü', 90), 'äöüß€', 'é€', REPEAT('x', 20), 'abcd', REPEAT('t', 300), REPEAT('b', 300), 'b', 'new', 'b', '[]', LINESTRING(POINT(0,0), POINT(1,1)))`,
  `(5, 1, 1, 1, 1, 1, 1, 1, 0.000001234, 0.005, 1e-7, 123456789.1235, 1, '2024-01-01', '2024-01-01', '2024-01-01', '2024-01-01', '01:02:03', '01:02:03', 1901, b'1', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'new', 'a', '1', POINT(-1.5, 2e10))`,
  ...["1e15", "123456789012345", "-1.5e-15", "1e-14", "1.7976931348623157e308", "2.5e-5", "-0.0000015"].map(
    (number, at) =>
      `(${6 + at}, 1, 1, 1, 1, 1, 1, 1, ${number.replace("e308", "e37")}, 0, ${number}, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  ),
];
const asBytes = new Set(["bt", "vb", "bn", "bl", "lb", "g"]);
/** What mysql2 reads of the binary protocol in another form than the text protocol sends: floating point in full, fractions of zeros, geometry as objects. */
const otherInDriver = new Set(["zf", "f", "f2", "d", "d2", "dt6", "ts", "tm3", "y", "g"]);

let upstream: TestDatabase;
let store: TestStore;
let tap: WireTap;
let driver: mysql.Connection;
let sessionId: string;
let identityId: string;
let ctx: ReturnType<typeof ctxOf>;
const startedAt = new Date(Date.now() - 60_000);
const recorded: Frame[] = [];
const expected = new Map<
  string,
  { readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
>();
const ids: Record<string, string> = {};
let sequence = 0;

async function record<T>(
  name: string,
  command: "query" | "prepare" | "execute" | "field_list",
  sql: string,
  work: () => Promise<T>,
  through = tap,
): Promise<T> {
  sequence += 1;
  const at = new Date(startedAt.getTime() + sequence * 10);
  const row = statementRow({
    sessionId,
    identityId,
    at,
    sequence,
    command,
    sql,
    waitedUs: 5,
    id: idAt(at),
    effect: "allow",
  });
  ids[name] = row.id;
  const { result, frames } = await through.record(row.id, work);
  // What prepares a statement in the same breath is not part of its execution.
  const executes = ({ kind, bytes }: Frame) => kind === "request" && bytes[0] === COMMAND.STMT_EXECUTE;
  recorded.push(...frames.slice(command === "execute" ? frames.findIndex(executes) : 0));
  await insertStatements(store.db, [row]);
  return result;
}

const replay = (name: string, window = {}): Promise<StatementReplay> =>
  getStatementReplay(ctx, sessionId, ids[name] ?? "", window);

/** The rows of the first result, and the names of its columns. */
async function shown(name: string) {
  const { results, missing } = await replay(name);
  const [result] = results;
  if (result?.kind !== "rows") throw new Error(`no rows but ${JSON.stringify(results)}`);
  return { names: result.columns.map((column) => column.name), rows: result.rows, missing };
}

beforeAll(async () => {
  [upstream, store] = await Promise.all([createTestDatabase(), createTestStore()]);
  const server = testServer();
  tap = await WireTap.start(server.port);
  const options = {
    ...{ host: "127.0.0.1", port: tap.port, user: server.user, password: server.password, database: upstream.name },
    ...{ dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, rowsAsArray: true, jsonStrings: true },
  };
  driver = await mysql.createConnection(options);
  await driver.query("SET sql_mode = '', time_zone = '+00:00'");
  await driver.query(TABLE);
  for (const row of ROWS) await driver.query(`INSERT INTO every_type VALUES ${row}`);
  identityId = await insertIdentity(store.db, "orders-agent");
  const gatewayId = await insertGateway(store.db);
  sessionId = await insertSession(store.db, {
    ...{ gatewayId, identityId, startedAt, endedAt: new Date(), endReason: "client_quit", recordedResults: "full" },
  });
  ctx = ctxOf(store.db, "auditor");

  const ALL = "SELECT * FROM every_type ORDER BY id";
  const [textRows, textFields] = await record("text", "query", ALL, () =>
    driver.query<mysql.RowDataPacket[][]>({ sql: ALL, typeCast: (field) => field.buffer() }),
  );
  expected.set("text", { names: textFields.map((field) => field.name), rows: textRows });
  const prepared = await record("prepare", "prepare", ALL, () => driver.prepare(ALL));
  const [binaryRows] = await record("binary", "execute", ALL, () => prepared.execute([]));
  expected.set("binary", { names: textFields.map((field) => field.name), rows: binaryRows as unknown[][] });

  const BOUND = "SELECT ?, ?, ?, ?, 'and ?'";
  const bound = await record("prepare bound", "prepare", BOUND, () => driver.prepare(BOUND));
  await record("bound", "execute", BOUND, () => bound.execute(["naïve 🚪", 1.5, null, Buffer.of(0, 1, 2)]));
  await record("update", "query", "UPDATE every_type SET id = id WHERE id IN (1, 2)", () =>
    driver.query("UPDATE every_type SET id = id WHERE id IN (1, 2)"),
  );
  await record("error", "query", "SELECT nothing_here", () => driver.query("SELECT nothing_here").catch(() => null));

  const rawTap = await WireTap.start(server.port);
  const raw = await logInRaw({ ...server, port: rawTap.port }, upstream.name);
  const listFields = async () => {
    let payload = await raw.command(COMMAND.FIELD_LIST, "every_type\0");
    while (payload !== null && payload[0] !== HEADER.EOF) payload = await raw.read();
  };
  await record("fields", "field_list", "every_type", listFields, rawTap);
  await record("cursor", "execute", ALL, () => askByCursor(raw, ALL), rawTap);
  raw.destroy();
  const capabilities = RAW_CAPABILITIES | CAPABILITY.DEPRECATE_EOF | CAPABILITY.SESSION_TRACK;
  const modern = await logInRaw({ ...server, port: rawTap.port }, upstream.name, capabilities);
  const ask = (sql: string) => async () => {
    let payload = await modern.command(COMMAND.QUERY, sql);
    if (payload?.[0] === HEADER.OK) return;
    while (payload !== null && payload[0] !== HEADER.EOF) payload = await modern.read();
  };
  await record("no EOF", "query", ALL, ask(ALL), rawTap);
  await record("no rows", "query", `${ALL} LIMIT 0`, ask(`${ALL} LIMIT 0`), rawTap);
  await record("tracked", "query", "USE information_schema", ask("USE information_schema"), rawTap);
  modern.destroy();
  await rawTap.close();

  // Chunks end in the middle of answers.
  const half = recorded.length >> 1;
  await insertChunks(store.db, sessionId, [recorded.slice(0, 3), recorded.slice(3, half), recorded.slice(half)]);
});

afterAll(async () => {
  await driver.end();
  await tap.close();
  await Promise.all([store.close(), upstream.drop()]);
});

describe("a recorded session", () => {
  it("shows the rows of the text protocol as the client got them", async () => {
    const { names, rows, missing } = await shown("text");
    const wanted = expected.get("text");
    expect(missing).toBeNull();
    expect(names).toEqual(wanted?.names);
    const seen = wanted?.rows.map((row) =>
      row.map((cell, at): ReplayValue => {
        if (!Buffer.isBuffer(cell)) return null;
        return asBytes.has(names[at] ?? "") ? { hex: cell.toString("hex") } : cell.toString("utf8");
      }),
    );
    expect(rows).toEqual(seen);
  });

  it("shows the rows of the binary protocol as the text protocol has them", async () => {
    const [text, binary] = [await shown("text"), await shown("binary")];
    for (const [row, cells] of text.rows.entries()) {
      for (const [at, cell] of cells.entries()) {
        expect(binary.rows[row]?.[at], `${text.names[at]} of row ${row}`).toEqual(cell);
      }
    }
  });

  it("shows the rows of the binary protocol as the driver reads them", async () => {
    const { names, rows } = await shown("binary");
    const same = (row: readonly unknown[]) => row.filter((_, at) => !otherInDriver.has(names[at] ?? ""));
    const seen = expected.get("binary")?.rows.map((row) =>
      row.map((cell, at) => {
        if (Buffer.isBuffer(cell)) return { hex: cell.toString("hex") };
        return cell === null || asBytes.has(names[at] ?? "") ? cell : String(cell);
      }),
    );
    expect(rows.map(same)).toEqual(seen?.map(same));
  });

  it("shows the same rows to whoever takes no EOF packets, and those fetched from a cursor", async () => {
    const { names, rows } = await shown("text");
    expect(await shown("no EOF")).toEqual({ names, rows, missing: null });
    expect(await shown("no rows")).toEqual({ names, rows: [], missing: null });
    expect(await replay("tracked")).toMatchObject({ missing: null, results: [{ kind: "ok", info: "" }] });
    expect(await shown("cursor")).toEqual({ names, rows, missing: null });
  });

  it("keeps every byte of every frame", async () => {
    const heads = await readChunkHeads(store.db, sessionId);
    const frames: Frame[] = [];
    for (const head of heads) {
      const held = await readChunkFrames(store.db, head);
      if (typeof held === "string") throw new Error(held);
      frames.push(...held);
    }
    expect(frames).toHaveLength(recorded.length);
    expect(frames.every((frame, at) => frame.bytes.equals(recorded[at]?.bytes ?? Buffer.alloc(0)))).toBe(true);
    expect(frames.map(({ bytes: _, ...head }) => head)).toEqual(recorded.map(({ bytes: _, ...head }) => head));
  });

  it("shows what an execution was bound to", async () => {
    const { parameters } = await replay("bound");
    expect(parameters?.map(({ value }) => value)).toEqual(["naïve 🚪", "1.5", null, { hex: "000102" }]);
    expect((await replay("binary")).parameters).toBeNull();
  });

  it("shows OK and errors", async () => {
    expect((await replay("update")).results).toMatchObject([{ kind: "ok", affectedRows: 2 }]);
    expect((await replay("error")).results).toMatchObject([{ kind: "error", errno: 1054, sqlState: "42S22" }]);
    expect((await replay("prepare bound")).results).toMatchObject([
      { kind: "ok", info: expect.stringContaining("4 parameters, 5 columns") },
    ]);
  });

  it("shows the fields of a table", async () => {
    const { rows } = await shown("fields");
    expect(rows.slice(0, 2)).toEqual([
      ["id", "int unsigned", expect.anything()],
      ["ti", "tinyint", null],
    ]);
  });

  it("gives windows of rows", async () => {
    const { results } = await replay("text", { from: 3, rows: 1 });
    expect(results).toMatchObject([{ from: 3, recorded: ROWS.length, rows: [expect.arrayContaining(["4"])] }]);
    await expect(replay("text", { rows: 2001 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("finds what is in text, errors and values, also numbers of the binary protocol", async () => {
    const { matches, stoppedUs } = await searchReplay(ctx, sessionId, "EMOJI");
    expect(matches.map(({ statementId, where }) => [statementId, where])).toEqual([
      [ids.text, "value"],
      [ids.binary, "value"],
      [ids.cursor, "value"],
      [ids["no EOF"], "value"],
    ]);
    expect(stoppedUs).toBeNull();
    const numbers = await searchReplay(ctx, sessionId, "18446744073709551615");
    expect(numbers.matches.map((match) => match.statementId)).toEqual([
      ...[ids.text, ids.binary, ids.cursor, ids["no EOF"]],
    ]);
    expect((await searchReplay(ctx, sessionId, "nothing_here")).matches).toMatchObject([
      { statementId: ids.error, where: "sql" },
    ]);
    expect((await searchReplay(ctx, sessionId, "not in it at all")).matches).toEqual([]);
  });

  it("is exported as events and as a transcript", async () => {
    const lines = async (format: "ndjson" | "txt") => {
      const all: string[] = [];
      for await (const line of await exportReplay(ctx, sessionId, format)) all.push(line);
      return all;
    };
    const events = (await lines("ndjson")).map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: "session", identity: "orders-agent" });
    expect(events.filter(({ event }) => event === "command")).toHaveLength(sequence);
    expect(events.find(({ event, statement }) => event === "rows" && statement === ids.text).rows).toHaveLength(
      ROWS.length,
    );
    const text = (await lines("txt")).join("\n");
    expect(text).toContain("> SELECT nothing_here");
    expect(text).toMatch(/ERROR 1054 \(42S22\): Unknown column/);
    expect(text).toContain("parameter 1 (varchar): naïve 🚪");
  });

  it("opens without its recording", async () => {
    const opened = await getReplay(ctx, sessionId);
    expect(opened.statements.map(({ id }) => id)).toEqual(Object.values(ids));
    expect(opened.chunks).toMatchObject({ count: 3, expired: 0 });
    expect(opened.statements[0]?.atUs).toBe(10_000);
  });
});
