import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { err, ok, packets, resultSet, textRow } from "@/e2e/support/answer-bytes";
import { insertLongRecording } from "@/e2e/support/long-recording";
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
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { approvals, approvalVotes, auditEvents, recordingChunks, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { TYPE } from "@/lib/masking/column-types";
import type { StatementValue } from "@/lib/policy/value";
import { u16, u32 } from "@/proxy/protocol/packet-writer";
import { exportReplay } from "./export-replay";
import type { Frame } from "./frame";
import { getReplay, getReplayChanges } from "./get-replay";
import { getStatementReplay } from "./get-statement-replay";
import { searchReplay } from "./search-replay";
import { watchReplay } from "./watch-replay";

let store: TestStore;
let gatewayId: string;
let identityId: string;
let ctx: Ctx;
const startedAt = new Date(Date.now() - 30_000);

beforeAll(async () => {
  store = await createTestStore();
  gatewayId = await insertGateway(store.db);
  identityId = await insertIdentity(store.db, "orders-agent");
  ctx = ctxOf(store.db, "reviewer");
});

afterAll(() => store.close());

type Row = ReturnType<typeof statementRow>;

const session = (values: Partial<Parameters<typeof insertSession>[1]> = {}) =>
  insertSession(store.db, { gatewayId, identityId, startedAt, recordedResults: "full", ...values });

async function statement(sessionId: string, sequence: number, values: Partial<Row> = {}): Promise<string> {
  const at = new Date(startedAt.getTime() + sequence * 100);
  const row = statementRow({ sessionId, identityId, sequence, at, id: idAt(at), waitedUs: 10, ...values });
  await insertStatements(store.db, [row]);
  return row.id;
}

const response = (statementId: string, bytes: Buffer, atUs = 0): Frame => ({
  kind: "response",
  statementId,
  atUs,
  bytes,
});
const request = (statementId: string | null, bytes: Buffer, atUs = 0): Frame => ({
  kind: "request",
  statementId,
  atUs,
  bytes,
});
const oneRow = packets(...resultSet([{ name: "name" }], [textRow(["Ada Lovelace"])], true));

async function events(sessionId: string, action: "replay.watched" | "export.created") {
  return store.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.objectId, sessionId), eq(auditEvents.action, action)));
}

describe("a statement's replay", () => {
  it("says why there is no answer in it", async () => {
    const why = async (values: Parameters<typeof session>[0], row: Partial<Row> = {}) => {
      const sessionId = await session(values);
      return (await getStatementReplay(ctx, sessionId, await statement(sessionId, 1, row))).missing;
    };
    expect(await why({ recordedResults: null })).toBe("before_recordings");
    expect(await why({ recordedResults: "none" })).toBe("none_recorded");
    expect(await why({})).toBe("not_here_yet");
    const sessionId = await session();
    const id = await statement(sessionId, 1);
    await insertChunks(store.db, sessionId, [[{ kind: "cut", statementId: id, atUs: 0, bytes: Buffer.alloc(0) }]]);
    expect((await getStatementReplay(ctx, sessionId, id)).missing).toBe("none_recorded");
    expect(await why({}, { waitedUs: null, errorNumber: 1227, errorMessage: "denied" })).toBeNull();
  });

  it("is told of what retention removed, also when the answer was read before", async () => {
    const sessionId = await session();
    const id = await statement(sessionId, 1);
    await insertChunks(store.db, sessionId, [[response(id, oneRow)]]);
    expect((await getStatementReplay(ctx, sessionId, id)).results).toHaveLength(1);
    await store.db
      .update(recordingChunks)
      .set({ data: null, expiredAt: new Date() })
      .where(eq(recordingChunks.sessionId, sessionId));
    expect(await getStatementReplay(ctx, sessionId, id)).toMatchObject({ missing: "expired", results: [] });
    expect((await getReplay(ctx, sessionId)).chunks).toMatchObject({ count: 1, expired: 1 });
  });

  it("shows nothing of a chunk that is not as it was stored", async () => {
    const sessionId = await session();
    const id = await statement(sessionId, 1);
    await insertChunks(store.db, sessionId, [[response(id, oneRow)]]);
    const [chunk] = await store.db.select().from(recordingChunks).where(eq(recordingChunks.sessionId, sessionId));
    const data = Buffer.from(chunk?.data ?? "");
    data[data.length >> 1] = (data[data.length >> 1] ?? 0) ^ 1;
    await store.db.update(recordingChunks).set({ data }).where(eq(recordingChunks.sessionId, sessionId));
    expect(await getStatementReplay(ctx, sessionId, id)).toMatchObject({ missing: "damaged", results: [] });
  });

  it("is put together from several chunks, and says when one of them is gone", async () => {
    const sessionId = await session();
    const id = await statement(sessionId, 1);
    const cuts = [0, 5, 60, oneRow.length];
    const parts = cuts.slice(1).map((end, at) => [response(id, oneRow.subarray(cuts[at], end), 100_000 + at * 10)]);
    await insertChunks(store.db, sessionId, parts);
    expect(await getStatementReplay(ctx, sessionId, id)).toMatchObject({
      missing: null,
      firstByteUs: 100_000,
      results: [{ rows: [["Ada Lovelace"]], rowsAtUs: [100_020] }],
    });
    await store.db
      .delete(recordingChunks)
      .where(and(eq(recordingChunks.sessionId, sessionId), eq(recordingChunks.number, 2)));
    expect((await getStatementReplay(ctx, sessionId, id)).missing).toBe("damaged");
  });

  it("has the whole answer when it is over, though frames have a finer clock", async () => {
    const sessionId = await session();
    const [early, late] = [
      await statement(sessionId, 1, { durationUs: 2_800 }),
      await statement(sessionId, 2, { durationUs: 2_800 }),
    ];
    await insertChunks(store.db, sessionId, [[response(early, oneRow, 99_700), response(late, oneRow, 203_300)]]);
    const moments = async (id: string) => {
      const { firstByteUs, results } = await getStatementReplay(ctx, sessionId, id);
      return [firstByteUs, ...results.flatMap((one) => (one.kind === "rows" ? one.rowsAtUs : one.atUs))];
    };
    expect(await moments(early)).toEqual([100_000, 100_000]);
    expect(await moments(late)).toEqual([202_800, 202_800]);
  });

  it("marks what was hidden, and names what was left out", async () => {
    const sessionId = await session({ recordedResults: "shape" });
    const masking = {
      outputs: [{ position: 0, name: "name", columns: ["shop.customers.name"], method: "redact" as const }],
      exempt: [{ column: "shop.customers.ssn", groups: ["fraud-team"] }],
    };
    const id = await statement(sessionId, 1, { masking, rowCount: 3 });
    const [count, column, end] = resultSet([{ name: "name" }], [], true);
    const shape = [count, column].flatMap((one) => one ?? []);
    await insertChunks(store.db, sessionId, [
      [
        response(id, packets(...shape)),
        { kind: "rows_left_out", statementId: id, atUs: 1, bytes: Buffer.alloc(0) },
        response(id, packets(...[end].flatMap((one) => one ?? [])), 2),
      ],
    ]);
    expect(await getStatementReplay(ctx, sessionId, id)).toMatchObject({
      decision: { exempt: masking.exempt },
      results: [{ columns: [{ masked: { method: "redact" } }], rows: [], leftOut: "shape" }],
    });
  });

  it("reads values with types that the client sent in an earlier chunk, and long ones from what was sent in front", async () => {
    const sessionId = await session();
    const sql = "SELECT ?, ? -- ?";
    const [first, second] = [
      await statement(sessionId, 1, { command: "execute", sql }),
      await statement(sessionId, 2, { command: "execute", sql }),
    ];
    const head = (withTypes: boolean) =>
      Buffer.concat([Buffer.of(0x17), u32(9), Buffer.of(0), u32(1), Buffer.of(0, withTypes ? 1 : 0)]);
    const typed = Buffer.concat([head(true), u16(TYPE.LONG), u16(TYPE.BLOB), u32(7)]);
    const long = (text: string, prepared = 9) =>
      Buffer.concat([Buffer.of(0x18), u32(prepared), u16(1), Buffer.from(text)]);
    await insertChunks(store.db, sessionId, [
      [request(null, long("first"), 1), request(first, typed, 2), response(first, oneRow, 3)],
      [request(null, long("sec"), 4), request(null, long("other", 8), 5), request(null, long("ond"), 6)],
      [request(second, Buffer.concat([head(false), u32(8)]), 7), response(second, oneRow, 8)],
    ]);
    const values = async (id: string) =>
      (await getStatementReplay(ctx, sessionId, id)).parameters?.map(({ value }) => value);
    expect(await values(first)).toEqual(["7", "first"]);
    expect(await values(second)).toEqual(["8", "second"]);
  });

  it("takes values from the statement's record where the recording is gone or has none", async () => {
    const sessionId = await session();
    const kept = [
      { kind: "number", text: "7", form: "integer" },
      { kind: "string", text: "a" },
      { kind: "null" },
    ] as const;
    const shown = async (parameters: readonly StatementValue[] | null) => {
      const sql = "SELECT ?, ?, ?";
      const id = await statement(sessionId, 1, { command: "execute", sql, parameters });
      return (await getStatementReplay(ctx, sessionId, id)).parameters;
    };
    expect(await shown(kept)).toEqual([
      { type: "number", value: "7" },
      { type: "string", value: "a" },
      { type: "null", value: null },
    ]);
    expect(await shown(null)).toBeNull();
    // A hash is nothing to show.
    expect(await shown([...kept.slice(1), { kind: "bytes", sha256: "ab" }])).toBeNull();
  });

  it("is of its own session only, and for those who may see recordings", async () => {
    const [sessionId, other] = [await session(), await session()];
    const id = await statement(sessionId, 1);
    await expect(getStatementReplay(ctx, other, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getStatementReplay(ctxOf(store.db), sessionId, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getReplay(ctxOf(store.db), sessionId)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getReplay(ctx, newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the replay of a live session", () => {
  it("goes on with what is new and what has an outcome now", async () => {
    const sessionId = await session();
    const done = await statement(sessionId, 1);
    const running = await statement(sessionId, 2, { state: "running", durationUs: 0 });
    const opened = await getReplay(ctx, sessionId);
    expect(opened.session.live).toBe(true);
    expect(opened.statements.map(({ id, state }) => [id, state])).toEqual([
      [done, "done"],
      [running, "running"],
    ]);
    const still = await getReplayChanges(ctx, sessionId, opened.cursor);
    expect(still.statements.map(({ id }) => id)).toEqual([running]);
    await store.db.update(statements).set({ state: "done", durationUs: 5 }).where(eq(statements.id, running));
    const next = await statement(sessionId, 3);
    const changed = await getReplayChanges(ctx, sessionId, still.cursor);
    expect(changed.statements.map(({ id, state }) => [id, state])).toEqual([
      [running, "done"],
      [next, "done"],
    ]);
    expect((await getReplayChanges(ctx, sessionId, changed.cursor)).statements).toEqual([]);
    await expect(getReplayChanges(ctx, sessionId, "bm8")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("is read in parts when it has more statements than one answer, which says so", async () => {
    const sessionId = await session();
    const ids = [await statement(sessionId, 1), await statement(sessionId, 2), await statement(sessionId, 3)];
    const first = await getReplay(ctx, sessionId, 2);
    expect(first).toMatchObject({ more: true, statements: [{ id: ids[0] }, { id: ids[1] }] });
    const rest = await getReplayChanges(ctx, sessionId, first.cursor, 2);
    expect(rest).toMatchObject({ more: false, statements: [{ id: ids[2] }] });
  });
});

describe("a replay's approvals", () => {
  it("are the session's own and those that it used, with what reviewers said", async () => {
    const [sessionId, earlier] = [await session(), await session()];
    const id = await statement(sessionId, 1);
    const asked = await approval(sessionId, id, {
      state: "denied",
      decidedAt: new Date(startedAt.getTime() + 5_000),
      decidedByName: "Rita",
    });
    await store.db.insert(approvalVotes).values({
      ...{ id: newId(), approvalId: asked, reviewerId: newId(), reviewerName: "Rita", vote: "deny" as const },
      ...{ note: "not today", at: new Date() },
    });
    const granted = await approval(earlier, newId(), { state: "approved" });
    await statement(sessionId, 2, { approvalId: granted });
    const { approvals: shown } = await getReplay(ctx, sessionId);
    expect(shown).toHaveLength(2);
    expect(shown.find((one) => one.id === asked)).toEqual({
      ...{ id: asked, statementId: id, state: "denied", requestedUs: 100_000, decidedUs: 5_000_000 },
      reviewers: [{ name: "Rita", decision: "deny", reason: "not today" }],
    });
    expect(shown.find((one) => one.id === granted)).toMatchObject({ statementId: null, reviewers: [] });
  });
});

async function approval(
  sessionId: string,
  statementId: string,
  values: Partial<typeof approvals.$inferInsert>,
): Promise<string> {
  const id = newId();
  await store.db.insert(approvals).values({
    ...{
      id,
      state: "pending" as const,
      sessionId,
      statementId,
      identityId,
      connectionId: newId(),
      connectionName: "shop",
    },
    ...{
      sessionFingerprint: "",
      statementClass: "select" as const,
      sql: "SELECT 1",
      templateHash: "0".repeat(64),
      parameters: [],
    },
    ...{
      bindingHash: "0".repeat(64),
      reason: "because",
      requestedAt: new Date(startedAt.getTime() + 100),
      expiresAt: new Date(),
    },
    ...values,
  });
  return id;
}

describe("watching", () => {
  it("is recorded once per person, session and hour", async () => {
    const [sessionId, other] = [await session(), await session()];
    await watchReplay(ctx, sessionId);
    await watchReplay(ctx, sessionId);
    await watchReplay(ctx, other);
    expect(await events(sessionId, "replay.watched")).toHaveLength(1);
    expect(await events(other, "replay.watched")).toHaveLength(1);
    await watchReplay(ctxOf(store.db, "auditor"), sessionId);
    expect(await events(sessionId, "replay.watched")).toHaveLength(2);
    await watchReplay(ctx, sessionId, new Date(Date.now() + 61 * 60_000));
    expect(await events(sessionId, "replay.watched")).toHaveLength(3);
  });

  it("is for those who may, of sessions that exist", async () => {
    await expect(watchReplay(ctxOf(store.db), await session())).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(watchReplay(ctx, newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("an export", () => {
  it("is recorded before its first line, and for auditors and administrators", async () => {
    const sessionId = await session();
    await expect(exportReplay(ctx, sessionId, "txt")).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await events(sessionId, "export.created")).toHaveLength(0);
    await exportReplay(ctxOf(store.db, "auditor"), sessionId, "txt");
    expect(await events(sessionId, "export.created")).toMatchObject([{ detail: { what: "replay", format: "txt" } }]);
  });
});

describe("a search", () => {
  it("finds values that lie across chunks, and stops when its time is over", async () => {
    const sessionId = await session();
    const [a, b] = [await statement(sessionId, 1), await statement(sessionId, 2)];
    const middle = oneRow.indexOf("Lovelace") + 3;
    await insertChunks(store.db, sessionId, [
      [response(a, packets(ok()), 1), response(b, oneRow.subarray(0, middle), 2)],
      [response(b, oneRow.subarray(middle), 3)],
    ]);
    expect(await searchReplay(ctx, sessionId, "lovelace")).toEqual({
      matches: [{ statementId: b, where: "value", excerpt: "Ada Lovelace", at: { result: 0, row: 0, column: 0 } }],
      stoppedUs: null,
    });
    expect(await searchReplay(ctx, sessionId, "lovelace", 0)).toEqual({ matches: [], stoppedUs: 1 });
  });

  it("finds errors, and takes wildcards for what they are", async () => {
    const sessionId = await session();
    const id = await statement(sessionId, 1, { errorNumber: 1064, errorMessage: "100% wrong", sql: "SELEC" });
    await insertChunks(store.db, sessionId, [[response(id, packets(err(1064, "100% wrong")))]]);
    expect((await searchReplay(ctx, sessionId, "0% WRONG")).matches).toMatchObject([
      { statementId: id, where: "error" },
    ]);
    expect((await searchReplay(ctx, sessionId, "S%C")).matches).toEqual([]);
    await expect(searchReplay(ctx, sessionId, " ")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("goes through a long recording chunk by chunk", async () => {
    const long = await insertLongRecording(store.db, { statements: 2_001, bytes: 4 * 1024 * 1024 });
    const opened = await getReplay(ctx, long.sessionId);
    expect(opened.statements.map(({ id }) => id)).toEqual(long.statementIds);
    expect(opened.chunks.count).toBeGreaterThan(3);
    const found = await searchReplay(ctx, long.sessionId, "needle-", 60_000);
    const places = [0, 1000, 2000].map((at) => long.statementIds[at]);
    expect(found.matches.map(({ statementId }) => statementId)).toEqual(places);
    expect(found.stoppedUs).toBeNull();
  });
});
