import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ObservedFrame } from "@/e2e/support/observed";
import { askByCursor, askFields, askPrepared, askText } from "@/e2e/support/raw-answer";
import { RAW_CAPABILITIES, RawClient } from "@/e2e/support/raw-client";
import { startRestrictedGateway } from "@/e2e/support/restricted-gateway";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { recordingSettings } from "@/lib/connections/model";
import { mask } from "@/lib/masking/mask";
import { CAPABILITY, COMMAND, MAX_PAYLOAD } from "../protocol/constants";
import { writeFrame } from "../protocol/frame";
import { lenencString, u16, u32 } from "../protocol/packet-writer";
import { seededRandom } from "../protocol/seeded-random";
import { readStmtPrepareOk } from "../protocol/stmt-prepare-ok";

const MIB = 1024 * 1024;
const EVERYTHING = recordingSettings.parse({ max_result_bytes: 256 * MIB });
const SECRET = "078-05-1120";
const PLANTED = "PLANTED-VALUE";

describe("the frames of a session, on a real server", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;
  let allowed: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: database.name });
    const [[row]] = await admin.query<mysql.RowDataPacket[]>("SELECT @@global.max_allowed_packet AS allowed");
    allowed = Number(row?.allowed);
    await admin.query(`SET GLOBAL max_allowed_packet = ${64 * MIB}`);
    await admin.query(
      "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn VARCHAR(20) UNIQUE DEFAULT 'ssn-default', doc LONGBLOB)",
    );
    await admin.query(
      `INSERT INTO people VALUES (1, '${PLANTED}', '${SECRET}', 'a'), (2, 'Bob', NULL, NULL), (3, 'Cy', '111', REPEAT('d', 3000))`,
    );
    gateway = await startGateway({
      schema: database.name,
      recording: EVERYTHING,
      masks: [mask.parse({ column: `${database.name}.people.ssn`, method: "redact" })],
    });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await admin.query(`SET GLOBAL max_allowed_packet = ${allowed}`);
    await admin.end();
    await gateway.close();
    await database.drop();
  });
  beforeEach(() => {
    Object.assign(gateway.settings, { recording: EVERYTHING, limits: {}, accepts: true });
    const { frames, statements, began, ended, starts, ends } = gateway.observed;
    for (const list of [frames, statements, began, ended, starts, ends]) list.length = 0;
  });

  async function logIn(capabilities = RAW_CAPABILITIES): Promise<RawClient> {
    const client = await RawClient.connect(gateway.port);
    onTestFinished(() => client.destroy());
    await client.logIn(TOKEN, { capabilities, database: database.name });
    client.keep();
    return client;
  }

  /** Ends the session, and compares what is recorded of its answers with what the client got. */
  async function compare(client: RawClient): Promise<Buffer> {
    client.sequence = 0;
    if (!client.isClosed) client.send(Buffer.of(COMMAND.QUIT));
    await client.gone();
    const recorded = Buffer.concat(framesOf("response").map(({ bytes }) => bytes));
    const { kept } = client;
    expect(recorded.length).toBe(kept.length);
    expect(recorded.equals(kept)).toBe(true);
    return kept;
  }

  const framesOf = (kind: ObservedFrame["kind"]) => gateway.observed.frames.filter((one) => one.kind === kind);
  const prepare = async (client: RawClient, sql: string, packets: number) => {
    const ok = readStmtPrepareOk((await client.command(COMMAND.STMT_PREPARE, sql)) ?? Buffer.alloc(0));
    for (let at = 0; at < packets; at += 1) await client.read();
    return ok.statementId;
  };
  const finished = (count: number) =>
    vi.waitFor(() => expect(gateway.observed.statements).toHaveLength(count), { timeout: 30_000 });

  it("equal what the client received: text, prepared, cursors, masked rows, errors, fields and refusals", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1 AS one, 'zwölf' AS twelve");
    await askText(client, "SELECT * FROM people ORDER BY id");
    await askPrepared(client, "SELECT * FROM people WHERE id > ? AND name <> ?", [0, "nobody"]);
    await askByCursor(client, "SELECT * FROM people");
    await askText(client, "SELEC 1");
    await askText(client, "SELECT * FROM no_such_table");
    await askText(client, "SELECT MAX(ssn) FROM people WHERE ssn LIKE '0%'");
    await askText(client, "INSERT INTO people VALUES (1, 'again', '2', NULL)");
    await askText(client, "SET autocommit = 1");
    await askFields(client, "people");
    await client.command(COMMAND.PING);
    await client.command(COMMAND.STATISTICS);
    await client.command(COMMAND.INIT_DB, database.name);
    await client.command(COMMAND.CHANGE_USER, "root\0hunter2\0");
    await client.command(0x77);
    await client.command(COMMAND.STMT_EXECUTE, Buffer.concat([u32(4711), Buffer.of(0), u32(1)]));
    await client.command(COMMAND.RESET_CONNECTION);
    await client.command(COMMAND.QUERY, "KILL 4711");
    await client.command(COMMAND.QUERY, "KILL QUERY CONNECTION_ID()");
    const kept = await compare(client);
    expect(kept.length).toBeGreaterThan(3000);
    expect(kept.includes("[redacted]")).toBe(true);
    const everything = Buffer.concat(gateway.observed.frames.map(({ bytes }) => bytes));
    expect(everything.includes(SECRET)).toBe(false);
    expect(everything.includes("ssn-default")).toBe(false);
    expect(everything.includes("hunter2")).toBe(false);
  });

  it("equal it for random statements, with and without EOF packets", async () => {
    const random = seededRandom(21);
    const pick = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0];
    const client = await logIn();
    for (let run = 0; run < 60; run += 1) {
      const rows = Math.floor(random() * 4);
      const width = Math.floor(random() * 20_000);
      const sql = pick([
        `SELECT * FROM people WHERE id <= ${rows}`,
        `SELECT REPEAT('x', ${width}) AS x, ssn FROM people WHERE id <= ${rows}`,
        `SELECT id, ssn FROM people UNION SELECT ${width}, 'y'`,
        `SELEC ${width}`,
        "UPDATE people SET name = 'Bob' WHERE id = 2",
      ] as const);
      if (random() < 0.5 || sql.startsWith("UPDATE")) await askText(client, sql);
      else if (random() < 0.7) await askPrepared(client, sql, []);
      else await askByCursor(client, sql);
    }
    await compare(client);
    gateway.observed.frames.length = 0;
    const newer = await logIn(RAW_CAPABILITIES | CAPABILITY.DEPRECATE_EOF);
    newer.keep(true);
    for (let run = 0; run < 20; run += 1) {
      newer.sequence = 0;
      newer.send(Buffer.from(`\x03SELECT REPEAT('x', ${Math.floor(random() * 90_000)}) AS x, ssn FROM people`));
    }
    await compare(newer);
  });

  it("equal it for results that limits cut", async () => {
    gateway.settings.limits = { max_rows: 2, max_result_bytes: 2000 };
    const client = await logIn();
    await askText(client, "SELECT id FROM people");
    await askText(client, "SELECT ssn FROM people");
    await askText(client, "SELECT doc FROM people WHERE id = 3");
    await askText(client, "SELECT 1");
    await compare(client);
    expect(gateway.observed.statements.map(({ errorNumber }) => errorNumber)).toEqual([1226, 1226, 1226, null]);
  });

  it("equal it for rows and for statements of more than 16 MiB", async () => {
    const client = await logIn();
    const id = await prepare(client, "SELECT LENGTH(?) AS l, ? AS v", 6);
    client.keep(true);
    client.sequence = 0;
    client.send(Buffer.from(`\x03SELECT REPEAT('r', ${17 * MIB}) AS r, ssn FROM people WHERE id < 3`));
    await finished(2);
    const value = Buffer.alloc(20 * MIB, "v");
    const execution = Buffer.concat([
      Buffer.of(COMMAND.STMT_EXECUTE),
      u32(id),
      Buffer.of(0),
      u32(1),
      Buffer.of(0, 1),
      u16(0xfd),
      u16(0xfd),
      lenencString(value),
      lenencString(Buffer.from("short")),
    ]);
    client.raw(writeFrame(execution, 0));
    await finished(3);
    client.raw(writeFrame(Buffer.concat([Buffer.from("\x03SELECT 1 -- "), Buffer.alloc(17 * MIB, "c")]), 0));
    await finished(4);
    const kept = await compare(client);
    expect(kept.length).toBeGreaterThan(34 * MIB);
    expect(gateway.observed.ended[2]).toMatchObject({ errorNumber: null, rowCount: 1 });
    const [request] = framesOf("request");
    expect(request?.bytes).toHaveLength(64 * 1024);
    expect(execution.subarray(0, 64 * 1024).equals(request?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(execution.length).toBeGreaterThan(MAX_PAYLOAD);
  });

  it("equal it for sessions that are killed, idle and with a statement running", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1");
    client.sequence = 0;
    client.send(Buffer.from("\x03SELECT SLEEP(30)"));
    await vi.waitFor(() => expect(gateway.observed.began).toHaveLength(2), 20_000);
    for (const session of gateway.registry.sessions()) session.terminate("killed");
    await client.gone();
    const kept = await compare(client);
    expect(kept.includes("The session was ended by a kill request")).toBe(true);
    gateway.observed.frames.length = 0;
    const expiring = await logIn();
    for (const session of gateway.registry.sessions()) session.terminate("revoked");
    expect((await expiring.command(COMMAND.QUERY, "SELECT 1"))?.[0]).toBe(0xff);
    const farewell = await compare(expiring);
    expect(farewell.includes("revoked")).toBe(true);
  });

  it("equal it where the server is asked for its opinion, and name statements as the client does", async () => {
    const world = await startRestrictedGateway(
      [
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn CHAR(11))",
        "INSERT INTO people VALUES (1, 'Ada', '901-11-1111')",
      ],
      [{ column: "people.ssn", method: "redact" }],
    );
    onTestFinished(() => world.close());
    const { frames, began, ended } = world.gateway.observed;
    const client = await RawClient.connect(world.gateway.port);
    onTestFinished(() => client.destroy());
    await client.logIn(TOKEN);
    client.keep();
    await prepare(client, "SELECT name FROM people", 2);
    const id = await prepare(client, "SELECT ssn FROM people", 2);
    const execution = Buffer.concat([u32(id), Buffer.of(0), u32(1)]);
    await client.command(COMMAND.STMT_EXECUTE, execution);
    for (let at = 0; at < 4; at += 1) await client.read();
    await askText(client, "SELECT ssn, name FROM people");
    await askText(client, "SELECT name FROM people WHERE ssn LIKE '9%'");
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await client.gone();
    const recorded = Buffer.concat(frames.filter(({ kind }) => kind === "response").map(({ bytes }) => bytes));
    expect(recorded.equals(client.kept)).toBe(true);
    expect(
      frames
        .find(({ kind }) => kind === "request")
        ?.bytes.subarray(1)
        .equals(execution),
    ).toBe(true);
    expect(ended.map((one) => one.id)).toEqual(began.map((one) => one.id));
    expect(began).toHaveLength(4);
  });

  it("name the statement that they answer, fetches that of their execution, and carry rising times", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1");
    await client.command(COMMAND.PING);
    await askByCursor(client, "SELECT id FROM people");
    await compare(client);
    const ids = gateway.observed.statements.map(({ id, command }) => [command, id] as const);
    const idOf = new Map(ids);
    const told = gateway.observed.frames.map(({ kind, statementId }) => [kind, statementId]);
    const runs = told.filter((one, at) => JSON.stringify(one) !== JSON.stringify(told[at - 1]));
    const execution = idOf.get("execute");
    expect(runs).toEqual([
      ["response", idOf.get("query")],
      ["request", null],
      ["response", null],
      ["response", idOf.get("prepare")],
      ["request", execution],
      ["response", execution],
      ["request", execution],
      ["response", execution],
    ]);
    const times = gateway.observed.frames.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.min(...times)).toBeGreaterThan(0);
  });

  it("hold the bound values as the client sent them, also those that came before the execution, up to a limit", async () => {
    const client = await logIn();
    const id = await prepare(client, "SELECT LENGTH(?) AS l, ? AS v", 6);
    const long = (size: number) =>
      Buffer.concat([Buffer.of(COMMAND.STMT_SEND_LONG_DATA), u32(id), u16(0), Buffer.alloc(size, "L")]);
    for (let sent = 0; sent < 3; sent += 1) client.raw(writeFrame(long(40_000), 0));
    const values = Buffer.concat([
      u32(id),
      Buffer.of(0),
      u32(1),
      Buffer.of(0, 1),
      u16(0xfc),
      u16(0xfd),
      lenencString(Buffer.from(PLANTED)),
    ]);
    await client.command(COMMAND.STMT_EXECUTE, values);
    await compare(client);
    const requests = framesOf("request").map(({ bytes }) => bytes);
    expect(requests.map(({ length }) => length)).toEqual([40_007, 64 * 1024 - 40_007, 7, values.length + 1]);
    expect(requests[0]?.equals(long(40_000))).toBe(true);
    expect(requests[3]?.subarray(1).equals(values)).toBe(true);
  });

  it("end with a mark where a statement's limit is reached, and go on with the next statement", async () => {
    gateway.settings.recording = recordingSettings.parse({ max_result_bytes: 1000 });
    const client = await logIn();
    await askText(client, "SELECT REPEAT('x', 5000) AS x");
    await askText(client, "SELECT 1");
    await askByCursor(client, "SELECT REPEAT('y', 700) AS y FROM people");
    const { kept } = client;
    const [first, second, , cursor] = gateway.observed.statements;
    const of = (id: string | undefined) =>
      gateway.observed.frames.filter(({ statementId, kind }) => statementId === id && kind !== "request");
    const bytesOf = (id: string | undefined) => Buffer.concat(of(id).map(({ bytes }) => bytes));
    expect(bytesOf(first?.id).equals(kept.subarray(0, 1000))).toBe(true);
    expect(of(first?.id).map(({ kind }) => kind)).toEqual(["response", "cut"]);
    expect(of(second?.id).map(({ kind }) => kind)).toEqual(["response"]);
    expect(bytesOf(cursor?.id)).toHaveLength(1000);
    expect(of(cursor?.id).filter(({ kind }) => kind === "cut")).toHaveLength(1);
    expect(of(cursor?.id).at(-1)?.kind).toBe("cut");
    expect(gateway.observed.starts.at(-1)).toMatchObject({ recordedResults: "full" });
  });

  it("have no byte of a row where only the shape is recorded, and all of the rest", async () => {
    gateway.settings.recording = recordingSettings.parse({ results: "shape" });
    const sql = `SELECT name AS planted, ssn FROM people UNION ALL SELECT REPEAT('${PLANTED}', 9000), 'z'`;
    const client = await logIn();
    await askText(client, sql);
    await askPrepared(client, "SELECT name FROM people", []);
    await askByCursor(client, "SELECT name FROM people");
    await askText(client, "SELECT name FROM people WHERE id > 100");
    await askText(client, "SELECT nothing");
    const { kept } = client;
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await client.gone();
    expect(kept.includes(PLANTED)).toBe(true);
    const recorded = Buffer.concat(framesOf("response").map(({ bytes }) => bytes));
    for (const value of [PLANTED, "Bob", "[redacted]"]) expect(recorded.includes(value)).toBe(false);
    for (const shown of ["planted", "people", "nothing"]) expect(recorded.includes(shown)).toBe(true);
    const marked = framesOf("rows_left_out").map(({ statementId }) => statementId);
    const commands = new Map(gateway.observed.statements.map(({ id, command }) => [id, command]));
    expect(marked.map((id) => commands.get(id ?? ""))).toEqual(["query", "execute", "execute"]);
    expect(gateway.observed.starts.at(-1)).toMatchObject({ recordedResults: "shape" });
  });

  it("have no answers where none are recorded", async () => {
    gateway.settings.recording = recordingSettings.parse({ results: "none" });
    const client = await logIn();
    await askText(client, "SELECT name FROM people");
    await askPrepared(client, "SELECT name FROM people WHERE id = ?", [1]);
    await askText(client, "SELECT nothing");
    await client.command(COMMAND.PING);
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await client.gone();
    expect(new Set(gateway.observed.frames.map(({ kind }) => kind))).toEqual(new Set(["request"]));
    expect(gateway.observed.statements).toHaveLength(4);
  });
});
