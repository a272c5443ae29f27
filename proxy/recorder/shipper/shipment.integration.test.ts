import { asc, eq } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkChain } from "@/e2e/support/check-chain";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import {
  frameBytes,
  frameRecord,
  inTwo,
  prepareStore,
  record,
  sessionEnd,
  sessionStart,
  someAudit,
  statementRow,
  TestSpool,
} from "@/e2e/support/test-spool";
import { signerFrom } from "@/lib/chain/signer";
import {
  auditEvents,
  columnReads,
  connections,
  recordChains,
  recordingChunks,
  sessions,
  statementMinutes,
  statementPeriods,
  statements,
  statementTemplates,
  templateObjects,
  templateUses,
} from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { splitFrames, unpackChunk } from "@/lib/recordings/chunk";
import type { TemplateFacts } from "../../session/ports";
import { Shipment } from "./shipment";

const log = pino({ level: "silent" });
const signer = signerFrom(Buffer.alloc(32, 7));
const END = { event: null, ending: { note: null, also: async () => undefined } };

describe("a spool on its way to the store", () => {
  let store: TestStore;
  let ids: { gatewayId: string; identityId: string };
  let spool: TestSpool;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    ids = await prepareStore(store.db);
    spool = new TestSpool(ids.gatewayId);
  });
  afterEach(() => spool.remove());

  const shipmentOf = (pool = store.pool) =>
    new Shipment({
      ...{ db: store.db, pool, signer, log, timeoutMs: 10_000, directory: spool.directory, gatewayId: ids.gatewayId },
      name: "gateway test",
      position: spool.position,
    });
  const chain = () => checkChain(store.db, signer, ids.gatewayId);
  /** Moments that tests choose: nothing here waits for a clock. */
  const shipAll = async (shipment: Shipment, now = 1_000_000) => {
    while (await shipment.step(now));
  };

  it("brings a session, its statements, its end and audit events to the store, text byte for byte", async () => {
    const session = sessionStart(ids.identityId);
    const rows = [1, 2, 3].map((n) =>
      statementRow(session, n, n === 2 ? { errorNumber: 1146, errorMessage: "x" } : { errorNumber: null }),
    );
    const event = someAudit("in");
    spool.write([record("session_start", session)]);
    for (const row of rows) spool.write([...inTwo(row)]);
    spool.write([record("audit", event), record("session_end", sessionEnd(session, 3))]);
    const shipment = shipmentOf();
    await shipAll(shipment);
    const [stored] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(stored).toMatchObject({ endReason: "client_quit", statementCount: 3, bytesOut: 20 });
    expect(stored?.lastStatementAt).toEqual(rows[2]?.at);
    const found = await store.db.select().from(statements).where(eq(statements.sessionId, session.id));
    expect(found.sort((a, b) => a.sequence - b.sequence).map((one) => one.sql)).toEqual(rows.map((one) => one.sql));
    expect(found[1]).toMatchObject({ errorNumber: 1146, state: "done", waitedUs: 5 });
    expect(await store.db.select().from(auditEvents).where(eq(auditEvents.id, event.id))).toMatchObject([
      { action: "login.accepted", detail: {} },
    ]);
    expect(await chain()).toMatchObject({ problems: [], items: [event.id, ...rows.map((row) => row.id)] });
  });

  it("shows a running statement as running, and proves it once it has ended", async () => {
    const session = sessionStart(ids.identityId);
    const row = statementRow(session, 1, { durationUs: 77 });
    const [began, ended] = inTwo(row);
    spool.write([record("session_start", session), began]);
    const shipment = shipmentOf();
    await shipAll(shipment);
    const stored = () => store.db.select().from(statements).where(eq(statements.id, row.id));
    expect(await stored()).toMatchObject([{ state: "running", durationUs: 0 }]);
    expect((await chain()).items).toEqual([]);
    spool.write([ended]);
    // Another thread took over meanwhile.
    await shipAll(shipmentOf());
    expect(await stored()).toMatchObject([{ state: "done", durationUs: 77 }]);
    expect(await chain()).toMatchObject({ problems: [], items: [row.id] });
  });

  it("proves awkward values as the store gives them back", async () => {
    const session = sessionStart(ids.identityId, { clientProgram: "p".repeat(5_000) });
    const awkward: Partial<ReturnType<typeof statementRow>>[] = [
      { sql: "SELECT '\u{1F980}\u0000\u001a\\\"' -- \r\n\t" },
      { sql: "lone \ud800 and \udc00 surrogates" },
      { sql: "x".repeat(65_536), sqlCut: true, sqlBytes: 1e6 },
      { errorNumber: 1064, errorMessage: `${"e".repeat(499)}\u{1F980}` },
      { defaultSchema: "\u{1F980}".repeat(64), ruleName: "trailing  ", policyName: "é" },
      { durationUs: 1.5, rowCount: 2 ** 53 - 1, resultBytes: -0 },
      { at: new Date(0) },
      { at: new Date("9999-12-31T23:59:59.999Z"), connectionName: "c".repeat(40) },
      { sql: "", defaultSchema: null, waitedUs: null, templateHash: "a".repeat(64), effect: "review" },
      {
        masking: {
          outputs: [{ position: 0, name: "\ud83e \u{1F980} \"'\\", columns: ["b.b.b", "a.a.a"], method: "redact" }],
          exempt: [{ column: "s.t.c", groups: ["z", "a"] }],
        },
        maskedRows: 3,
      },
      {
        command: "execute",
        parameters: [
          { text: "\ud83e \u{1F980} \"'\\\u0000", kind: "string" },
          { form: "float", kind: "number", text: "1e-7" },
          { kind: "bytes", sha256: "" },
          { kind: "null" },
        ],
      },
      { command: "execute", parameters: [] },
    ];
    const rows = awkward.map((changes, n) => statementRow(session, n + 1, changes));
    const events = [
      someAudit("m".repeat(2_000), { z: 1, a: { y: [1.5, "\ud800", null, true], b: "\u{1F980}" }, "\udc00": 1e21 }),
      { ...someAudit("x"), address: "a".repeat(100), objectId: "o".repeat(100), message: "\u0000" },
    ];
    spool.write([record("session_start", session), ...events.map((event) => record("audit", event))]);
    spool.write(rows.flatMap((row) => inTwo(row)));
    spool.write([frameRecord(session.id, frameBytes("response", rows[0]?.id ?? null, 12.7, Buffer.alloc(300, 1)))]);
    spool.write([record("session_end", sessionEnd(session, rows.length))]);
    await shipAll(shipmentOf());
    const checked = await chain();
    expect(checked.problems).toEqual([]);
    expect(checked.items).toHaveLength(events.length + rows.length + 1);
  });

  it("leaves out a record that the store cannot take, and brings and proves the others", async () => {
    const session = sessionStart(ids.identityId);
    const rows = Array.from({ length: 9 }, (_, n) =>
      statementRow(session, n + 1, n === 4 ? { id: "y".repeat(40) } : {}),
    );
    spool.write([record("session_start", session), ...rows.map((row) => record("statement", row))]);
    const shipment = shipmentOf();
    await shipAll(shipment);
    expect(shipment.leftOut).toBe(1);
    expect(await chain()).toMatchObject({ problems: [], items: rows.filter((_, n) => n !== 4).map((row) => row.id) });
  });

  it("keeps a session whose connection was deleted before its record arrived", async () => {
    const session = sessionStart(ids.identityId, { connectionId: newId() });
    spool.write([record("session_start", session), record("session_end", sessionEnd(session, 0))]);
    await shipAll(shipmentOf());
    expect(await store.db.select().from(sessions).where(eq(sessions.id, session.id))).toMatchObject([
      { connectionId: null, connectionName: "shop", endReason: "client_quit" },
    ]);
    expect(await store.db.select().from(connections)).toEqual([]);
  });

  it("keeps a live session's counts, also when another thread takes over", async () => {
    const session = sessionStart(ids.identityId);
    const write = (n: number, errorNumber: number | null) =>
      spool.write([...inTwo(statementRow(session, n, { errorNumber }))]);
    spool.write([record("session_start", session)]);
    write(1, null);
    await shipAll(shipmentOf());
    write(2, 1064);
    await shipAll(shipmentOf());
    expect(await store.db.select().from(sessions).where(eq(sessions.id, session.id))).toMatchObject([
      { statementCount: 2, errorCount: 1, endedAt: null },
    ]);
  });

  it("counts statements per minute and who read which column, in clear or masked", async () => {
    const hash = newId().padEnd(64, "0");
    const facts: TemplateFacts = {
      ...{ connectionName: "shop", templateHash: hash, defaultSchema: null, text: "SELECT", statementClass: "select" },
      ...{ tables: ["s.t"], reads: ["s.t.a", "s.t.b"], uses: ["s.t.c"], writes: [], at: new Date(1_000) },
    };
    const session = sessionStart(ids.identityId, { connectionName: "shop" });
    const masking = {
      outputs: [{ position: 0, name: "b", columns: ["s.t.b"], method: "redact" as const }],
      exempt: [],
    };
    const at = new Date("2026-03-04T05:06:07.890Z");
    const one = (n: number, rowCount: number) =>
      statementRow(session, n, {
        ...{ at, rowCount, masking, templateHash: hash, defaultSchema: null },
        effect: "allow",
      });
    spool.write([record("session_start", session), record("template", facts)]);
    spool.write([...inTwo(one(1, 5)), ...inTwo(one(2, 0))]);
    await shipAll(shipmentOf());
    // Another thread knows the template from the store only.
    const last = one(3, 7);
    spool.write([record("template", { ...facts, uses: ["s.t.d"], at: new Date(2_000) }), ...inTwo(last)]);
    await shipAll(shipmentOf());
    const by = { identityId: ids.identityId };
    const minutes = await store.db
      .select()
      .from(statementMinutes)
      .where(eq(statementMinutes.identityId, by.identityId));
    const minute = minutes.find((row) => row.minute.getTime() === Date.parse("2026-03-04T05:06:00Z"));
    expect(minute).toMatchObject({ effect: "allow", failed: false, statements: 3, rows: 12, durationUs: 4500 });
    const periods = await store.db
      .select()
      .from(statementPeriods)
      .where(eq(statementPeriods.identityId, by.identityId));
    const starts = new Set([Date.parse("2026-03-04T05:00:00Z"), Date.parse("2026-03-04T00:00:00Z")]);
    const sums = periods.filter((row) => row.effect === "allow" && starts.has(row.start.getTime()));
    expect(sums.map((row) => [row.grain, row.statements]).sort()).toEqual([
      ["day", 3],
      ["hour", 3],
    ]);
    const reads = await store.db.select().from(columnReads).where(eq(columnReads.lastStatementId, last.id));
    expect(reads.sort((a, b) => (a.column < b.column ? -1 : 1))).toMatchObject([
      { column: "s.t.a", how: "clear", day: "2026-03-04", statements: 2, rows: 12 },
      { column: "s.t.b", how: "redact", statements: 2, rows: 12 },
    ]);
    const [template] = await store.db
      .select()
      .from(statementTemplates)
      .where(eq(statementTemplates.templateHash, hash));
    expect(template).toMatchObject({ defaultSchema: "", firstAt: new Date(1_000), uses: ["s.t.d"], lastAt: at });
    const objects = await store.db
      .select({ name: templateObjects.name, kind: templateObjects.kind })
      .from(templateObjects)
      .where(eq(templateObjects.templateId, template?.id ?? ""))
      .orderBy(asc(templateObjects.name));
    expect(objects).toEqual([
      { name: "s.t", kind: "table" },
      { name: "s.t.a", kind: "column" },
      { name: "s.t.b", kind: "column" },
      { name: "s.t.d", kind: "column" },
    ]);
  });

  it("counts who used which template per day: all statements, those that ran, and those that came back masked", async () => {
    const hash = newId().padEnd(64, "1");
    const session = sessionStart(ids.identityId);
    const at = (time: string) => new Date(`2026-03-${time}Z`);
    const outputs = [{ position: 0, name: "b", columns: ["s.t.b"], method: "redact" as const }];
    const row = (n: number, time: string, changes: Partial<ReturnType<typeof statementRow>> = {}) =>
      statementRow(session, n, { at: at(time), templateHash: hash, resultBytes: 10, rowCount: 0, ...changes });
    const rows = [
      row(1, "04T05:06:07.000", { rowCount: 5, masking: { outputs, exempt: [] } }),
      row(2, "04T05:06:08.000", { rowCount: 2, masking: { outputs: [], exempt: [] } }),
      // A duplicate key, and a refusal by a mask.
      row(3, "04T05:06:09.000", { errorNumber: 1062 }),
      row(4, "04T05:06:10.000", { errorNumber: 1143, masking: { outputs, exempt: [] } }),
      row(5, "05T00:00:00.000", { defaultSchema: null }),
      row(6, "04T05:06:11.000", { command: "prepare" }),
      row(7, "04T05:06:12.000", { templateHash: null }),
    ];
    const refused = row(8, "04T05:06:05.000", { waitedUs: null, errorNumber: 1227 });
    spool.write([record("session_start", session), ...rows.slice(0, 3).flatMap((one) => inTwo(one))]);
    await shipAll(shipmentOf());
    spool.write([...rows.slice(3).flatMap((one) => inTwo(one)), record("statement", refused)]);
    const unfinished = row(9, "04T05:06:06.000");
    spool.write([inTwo(unfinished)[0]]);
    await shipAll(shipmentOf());
    const uses = () =>
      store.db.select().from(templateUses).where(eq(templateUses.templateHash, hash)).orderBy(asc(templateUses.day));
    const whose = { connectionName: session.connectionName, identityId: ids.identityId };
    const first = {
      ...{ ...whose, day: "2026-03-04", defaultSchema: rows[0]?.defaultSchema ?? "", statements: 5, executed: 2 },
      ...{ masked: 1, rows: 7, mostRows: 5, resultBytes: 50, firstAt: refused.at, lastAt: at("04T05:06:10.000") },
      lastStatementId: rows[3]?.id,
    };
    expect(await uses()).toMatchObject([
      first,
      { ...whose, day: "2026-03-05", defaultSchema: "", statements: 1, executed: 1, masked: 0, rows: 0, mostRows: 0 },
    ]);
    // Nobody will ever tell how it ended: it is not among those that ran.
    await shipmentOf().finish(0, () => END);
    expect((await uses())[0]).toMatchObject({ statements: 6, executed: 2 });
  });

  it("writes a batch with witnesses when nothing else is to write, and none when it is not time", async () => {
    const shipment = shipmentOf();
    await shipment.step(0);
    await shipment.step(29_000);
    expect((await chain()).batches).toHaveLength(1);
    await shipment.step(31_000);
    const { batches, problems } = await chain();
    expect(problems).toEqual([]);
    expect(batches).toHaveLength(2);
    expect(batches[1]?.count).toBe(0);
  });

  it("makes chunks of frames when they are old enough, at once for those who watch, and at the session's end", async () => {
    const session = sessionStart(ids.identityId);
    const count = async () =>
      (await store.db.select().from(recordingChunks).where(eq(recordingChunks.sessionId, session.id))).length;
    const frame = (n: number) => frameRecord(session.id, frameBytes("request", null, n, Buffer.from(`${n}`)));
    const shipment = shipmentOf();
    spool.write([record("session_start", session), frame(1)]);
    await shipment.step(10_000);
    await shipment.step(24_000);
    expect(await count()).toBe(0);
    await shipment.step(25_000);
    expect(await count()).toBe(1);
    await store.db
      .update(sessions)
      .set({ followedUntil: new Date(Date.now() + 60_000) })
      .where(eq(sessions.id, session.id));
    await shipment.step(26_500);
    spool.write([frame(2)]);
    await shipment.step(27_000);
    await shipment.step(27_300);
    expect(await count()).toBe(2);
    spool.write([frame(3), record("session_end", sessionEnd(session, 0))]);
    await shipment.step(27_400);
    expect(await count()).toBe(3);
  });

  it("deletes segments only when no frame in them waits", async () => {
    const session = sessionStart(ids.identityId);
    spool.write([
      record("session_start", session),
      frameRecord(session.id, frameBytes("request", null, 1, Buffer.of(1))),
    ]);
    spool.rotate();
    spool.write([record("audit", someAudit("second"))]);
    const shipment = shipmentOf();
    await shipAll(shipment, 1_000);
    expect(spool.position.needed).toBe(1);
    await shipAll(shipment, 17_000);
    expect(spool.position.needed).toBe(2);
    spool.write([record("session_end", sessionEnd(session, 0))]);
    // A thread that begins with what is left checks it all the same.
    const next = shipmentOf();
    await next.finish(18_000, () => END);
    expect(await chain()).toMatchObject({ problems: [], final: true });
    const [row] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(row?.endReason).toBe("client_quit");
    const chunks = await store.db.select().from(recordingChunks).where(eq(recordingChunks.sessionId, session.id));
    expect(chunks.map((chunk) => chunk.number)).toEqual([1]);
    const [chunk] = chunks;
    const raw = await unpackChunk(chunk?.codec ?? "brotli", chunk?.data ?? Buffer.alloc(0));
    expect(splitFrames(raw)).toMatchObject([{ kind: "request", atUs: 1 }]);
  });

  it("gives up statements without an outcome at the end of the chain", async () => {
    const session = sessionStart(ids.identityId);
    const row = statementRow(session, 1);
    spool.write([record("session_start", session), inTwo(row)[0]]);
    await shipAll(shipmentOf());
    await shipmentOf().finish(0, () => END);
    expect(await store.db.select().from(statements).where(eq(statements.id, row.id))).toMatchObject([
      { state: "unknown" },
    ]);
    expect(await chain()).toMatchObject({ problems: [], items: [row.id], final: true });
    const [stored] = await store.db.select().from(recordChains).where(eq(recordChains.id, ids.gatewayId));
    expect(stored?.endedAt).not.toBeNull();
  });
});
