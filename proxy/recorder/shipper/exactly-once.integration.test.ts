import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkChain } from "@/e2e/support/check-chain";
import { type Break, failingPool } from "@/e2e/support/failing-pool";
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
  type TestRecord,
  TestSpool,
} from "@/e2e/support/test-spool";
import { appendBatch, ChainConflict, openChain } from "@/lib/chain/append";
import { signerFrom } from "@/lib/chain/signer";
import type { Store } from "@/lib/db/client";
import * as schema from "@/lib/db/schema";
import { CHUNK_RAW_BYTES, splitFrames, unpackChunk } from "@/lib/recordings/chunk";
import type { FrameKind } from "@/lib/recordings/frame";
import { segmentPath } from "../spool/segment-files";
import { Shipment } from "./shipment";

const { auditEvents, columnReads, recordChains, recordingChunks, sessions, statementMinutes, templateUses } = schema;
const log = pino({ level: "silent" });
const signer = signerFrom(Buffer.alloc(32, 7));
const END = { event: null, ending: { note: null, also: async () => undefined } };

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

function shipmentOf(spool: TestSpool, pool: Store["pool"] = store.pool, dead = false): Shipment {
  const db = drizzle(pool, { schema, mode: "default" });
  return new Shipment({
    ...{ db, pool, signer, log, timeoutMs: 10_000, directory: spool.directory, gatewayId: spool.gatewayId },
    name: "gateway test",
    position: dead ? null : spool.position,
  });
}

/** Each thread goes on until it fails; then another one begins with what is in the store. */
async function shipAsOften(make: () => Shipment, until: (shipment: Shipment) => Promise<unknown>): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await until(make());
      return failures;
    } catch (error) {
      if (failures > 3) throw error;
    }
  }
}

describe("a transaction that breaks at any point", () => {
  interface Case {
    readonly spool: TestSpool;
    readonly items: readonly string[];
    readonly sessionId: string;
    readonly identityId: string;
  }

  async function prepare(): Promise<Case> {
    const { gatewayId } = await prepareStore(store.db);
    const identityId = `${gatewayId.slice(0, 25)}X`;
    const spool = new TestSpool(gatewayId);
    const session = sessionStart((await prepareStore(store.db)).identityId);
    const rows = [1, 2, 3, 4].map((n) =>
      statementRow(session, n, { identityId, rowCount: 2, templateHash: "f".repeat(64) }),
    );
    const event = someAudit("x");
    spool.write([
      record("session_start", session),
      record("template", {
        ...{ connectionName: "shop", templateHash: "f".repeat(64), defaultSchema: "shop", text: "SELECT" },
        ...{ statementClass: "select", tables: ["s.t"], reads: ["s.t.a"], uses: [], writes: [], at: new Date() },
      }),
    ]);
    const [last] = rows.slice(-1);
    spool.write(rows.slice(0, 3).flatMap((row) => inTwo(row)));
    const [began, ended] = last === undefined ? [] : inTwo(last);
    spool.write([record("audit", event), ...(began === undefined ? [] : [began])]);
    spool.write([frameRecord(session.id, frameBytes("response", last?.id ?? null, 5, Buffer.from("rows")))]);
    spool.write([...(ended === undefined ? [] : [ended]), record("session_end", sessionEnd(session, 4))]);
    return { spool, items: [event.id, ...rows.map((row) => row.id)], sessionId: session.id, identityId };
  }

  /** Ships with two transactions: one that leaves a statement running, one that ends the chain. */
  async function ship(at: Break | null): Promise<{ calls: number; failures: number }> {
    const { spool, items, sessionId, identityId } = await prepare();
    const failing = failingPool(store.pool, at);
    const failures = await shipAsOften(
      () => shipmentOf(spool, failing.pool),
      async (shipment) => {
        await shipment.step(0);
        await shipment.finish(1, () => END);
      },
    );
    const { problems, items: proven, final } = await checkChain(store.db, signer, spool.gatewayId);
    expect(problems).toEqual([]);
    expect(final).toBe(true);
    const chunks = await store.db.select().from(recordingChunks).where(eq(recordingChunks.sessionId, sessionId));
    expect(chunks).toHaveLength(1);
    expect([...proven].sort()).toEqual([...items, chunks[0]?.id].sort());
    const [session] = await store.db.select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session).toMatchObject({ statementCount: 4, endReason: "client_quit" });
    const minutes = await store.db.select().from(statementMinutes).where(eq(statementMinutes.identityId, identityId));
    expect(minutes.reduce((sum, row) => sum + row.statements, 0)).toBe(4);
    const reads = await store.db.select().from(columnReads).where(eq(columnReads.identityId, identityId));
    expect(reads.map((row) => [row.statements, row.rows])).toEqual([[4, 8]]);
    const uses = await store.db.select().from(templateUses).where(eq(templateUses.identityId, identityId));
    expect(uses.map((row) => [row.statements, row.executed, row.rows, row.mostRows])).toEqual([[4, 4, 8, 2]]);
    spool.remove();
    return { calls: failing.calls(), failures };
  }

  it("brings every record once, whichever call it was, whether the server got it or not", async () => {
    const { calls } = await ship(null);
    expect(calls).toBeGreaterThan(15);
    let failures = 0;
    for (const when of ["before", "after"] as const) {
      for (let call = 1; call <= calls; call += 1) failures += (await ship({ call, when })).failures;
    }
    // Every break but those after the last answer was noticed.
    expect(failures).toBeGreaterThanOrEqual(2 * calls - 2);
  });

  it("goes on in the same thread after an answer got lost", async () => {
    const { calls } = await ship(null);
    for (let call = 1; call <= calls; call += 1) {
      const { spool, items } = await prepare();
      const shipment = shipmentOf(spool, failingPool(store.pool, { call, when: "after" }).pool);
      let done = false;
      for (let attempt = 1; attempt <= 3 && !done; attempt += 1) {
        done = await shipment.finish(1, () => END).catch(() => false);
      }
      expect(done).toBe(true);
      const checked = await checkChain(store.db, signer, spool.gatewayId);
      expect(checked.problems).toEqual([]);
      expect(checked.items).toHaveLength(items.length + 1);
      spool.remove();
    }
  });
});

describe("recordings", () => {
  it("have every frame once and in order, whenever the thread was replaced", async () => {
    const kinds: readonly FrameKind[] = ["request", "response", "cut", "rows_left_out"];
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seeded(seed);
      const { gatewayId, identityId } = await prepareStore(store.db);
      const spool = new TestSpool(gatewayId);
      const open = [sessionStart(identityId), sessionStart(identityId), sessionStart(identityId)];
      const given = new Map(open.map((session) => [session.id, [] as Buffer[]]));
      spool.write(open.map((session) => record("session_start", session)));
      let shipment = shipmentOf(spool);
      let now = 0;
      for (let n = 0; n < 60; n += 1) {
        const records: TestRecord[] = [];
        for (let k = 0; k < 1 + random() * 4; k += 1) {
          const session = open[Math.floor(random() * open.length)];
          const kind = kinds[Math.floor(random() * kinds.length)];
          if (session === undefined || kind === undefined) continue;
          const length = random() < 0.04 ? CHUNK_RAW_BYTES * (0.5 + 2 * random()) : random() * 3_000;
          const frame = frameBytes(kind, null, n * 10 + k, Buffer.alloc(Math.floor(length), n + k));
          given.get(session.id)?.push(frame);
          records.push(frameRecord(session.id, frame));
        }
        if (random() < 0.3) records.push(record("audit", someAudit(`${n}`)));
        if (records.length > 0) spool.write(records);
        if (random() < 0.1) spool.rotate();
        now += random() * 6_000;
        if (random() < 0.5) await shipment.step(now);
        if (random() < 0.2) shipment = shipmentOf(spool);
      }
      spool.write(open.slice(0, 2).map((session) => record("session_end", sessionEnd(session, 0))));
      await shipmentOf(spool).finish(now, () => END);
      expect((await checkChain(store.db, signer, gatewayId)).problems).toEqual([]);
      for (const [sessionId, frames] of given) {
        const chunks = await store.db
          .select()
          .from(recordingChunks)
          .where(eq(recordingChunks.sessionId, sessionId))
          .orderBy(asc(recordingChunks.number));
        expect(chunks.map((chunk) => chunk.number)).toEqual(chunks.map((_, index) => index + 1));
        const got: { kind: string; atUs: number; bytes: Buffer }[] = [];
        for (const { codec, data, rawBytes, frames: count } of chunks) {
          const raw = await unpackChunk(codec, data ?? Buffer.alloc(0));
          expect(raw.length).toBe(rawBytes);
          expect(raw.length).toBeLessThanOrEqual(CHUNK_RAW_BYTES);
          const parts = splitFrames(raw) ?? [];
          expect(parts).toHaveLength(count);
          got.push(...parts);
        }
        const whole = (list: readonly { kind: string; atUs: number; bytes: Buffer }[]) =>
          list.map((one) => `${one.kind} ${one.atUs}`).filter((one, index, all) => one !== all[index - 1]);
        const frameOf = (bytes: Buffer) => splitFrames(Buffer.concat([lengthOf(bytes), bytes]))?.[0];
        const wanted = frames.flatMap((bytes) => frameOf(bytes) ?? []);
        expect(whole(got)).toEqual(whole(wanted));
        expect(Buffer.concat(got.map((one) => one.bytes)).equals(Buffer.concat(wanted.map((one) => one.bytes)))).toBe(
          true,
        );
      }
      spool.remove();
    }
  });
});

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

describe("the spool of a writer that died", () => {
  /** Batches of one audit event each. */
  async function written(count: number) {
    const { gatewayId } = await prepareStore(store.db);
    const spool = new TestSpool(gatewayId);
    const ids: string[] = [];
    const ends: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const event = someAudit(`${n}`, { n });
      ids.push(event.id);
      spool.write([record("audit", event)]);
      ends.push(spool.position.written.offset);
    }
    return { spool, ids, ends };
  }
  const shipDead = async (spool: TestSpool) => {
    const facts: { tornBytes: number; lostRecords: number; damages: number }[] = [];
    const shipment = shipmentOf(spool, store.pool, true);
    await shipment.finish(0, ({ tornBytes, lostRecords, damages }) => {
      facts.push({ tornBytes, lostRecords, damages: damages.length });
      return END;
    });
    const { problems, items } = await checkChain(store.db, signer, spool.gatewayId);
    expect(problems).toEqual([]);
    return { items, facts: facts[0] };
  };

  it("is shipped up to its last whole batch, wherever it was cut, with zeros behind or not", async () => {
    const random = seeded(5);
    for (let run = 0; run < 25; run += 1) {
      const { spool, ids, ends } = await written(6);
      const cut = Math.floor(random() * ((ends.at(-1) ?? 0) + 1));
      const path = segmentPath(spool.directory, 1);
      truncateSync(path, cut);
      if (run % 2 === 0) appendFileSync(path, Buffer.alloc(5_000));
      const whole = ends.filter((end) => end <= cut);
      const { items, facts } = await shipDead(spool);
      expect(items).toEqual(ids.slice(0, whole.length));
      expect(facts?.damages).toBe(0);
      const torn = cut - (whole.at(-1) ?? 0);
      expect(facts?.tornBytes).toBeLessThanOrEqual(torn);
      if (torn > 12) expect(facts?.tornBytes).toBeGreaterThan(0);
      spool.remove();
    }
  });

  it("is shipped up to damage, and from the next segment on; what was lost is counted", async () => {
    const random = seeded(9);
    for (let run = 0; run < 25; run += 1) {
      const { spool, ids, ends } = await written(6);
      spool.rotate();
      const event = someAudit("after");
      spool.write([record("audit", event)]);
      const at = Math.floor(random() * (ends[5] ?? 0));
      const path = segmentPath(spool.directory, 1);
      const bytes = readFileSync(path);
      bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
      writeFileSync(path, bytes);
      const hit = ends.findIndex((end) => at < end);
      const { items, facts } = await shipDead(spool);
      expect(items).toEqual([...ids.slice(0, hit), event.id]);
      expect(facts).toEqual({ tornBytes: 0, lostRecords: ids.length - hit, damages: 1 });
      spool.remove();
    }
  });

  it("is shipped from where its last signed batch says, whatever else the store says of it, and that is told", async () => {
    const { spool, ids } = await written(2);
    await shipmentOf(spool).step(0);
    const more = [someAudit("not shipped"), someAudit("nor this")];
    spool.write(more.map((event) => record("audit", event)));
    const claim = { spoolSegment: 1, spoolSequence: 4, spoolOffset: spool.position.written.offset };
    await store.db.update(recordChains).set(claim).where(eq(recordChains.id, spool.gatewayId));
    const { items } = await shipDead(spool);
    const told = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, spool.gatewayId));
    expect(told).toMatchObject([
      { action: "record.verified", result: "failed", detail: { claimed: { sequence: 4 }, signed: { sequence: 2 } } },
    ]);
    expect([...items].sort()).toEqual([...ids, ...more.map((event) => event.id), told[0]?.id].sort());
    spool.remove();
  });

  it("is shipped whole when no batch of its chain is signed by this deployment, also not the one with its place", async () => {
    const { spool, ids } = await written(3);
    const forger = signerFrom(Buffer.alloc(32, 8));
    const head = await openChain(store.db, signer, spool.gatewayId, "gateway", "gateway test");
    const place = { segment: 1, offset: spool.position.written.offset, sequence: 3 };
    await store.db.transaction((tx) => appendBatch(tx, forger, head, [], { at: new Date(), spool: place }));
    await shipmentOf(spool, store.pool, true).finish(0, () => END);
    const { items } = await checkChain(store.db, signer, spool.gatewayId);
    expect(items).toEqual(expect.arrayContaining(ids));
    spool.remove();
  });

  it("is kept when its chain was ended by somebody before everything was in the store", async () => {
    const { spool } = await written(2);
    await shipmentOf(spool).step(0);
    spool.write([record("audit", someAudit("behind the end"))]);
    await store.db
      .update(recordChains)
      .set({ endedAt: new Date(), spoolSequence: 3 })
      .where(eq(recordChains.id, spool.gatewayId));
    await expect(shipmentOf(spool, store.pool, true).finish(0, () => END)).rejects.toThrow(ChainConflict);
    spool.remove();
  });

  it("is no less whole when a write failed half way and the writer went on in the next segment", async () => {
    const { spool, ids } = await written(2);
    appendFileSync(segmentPath(spool.directory, 1), Buffer.alloc(100, 9));
    spool.rotate();
    const event = someAudit("after");
    spool.write([record("audit", event)]);
    const { items, facts } = await shipDead(spool);
    expect(items).toEqual([...ids, event.id]);
    expect(facts).toEqual({ tornBytes: 0, lostRecords: 0, damages: 0 });
    spool.remove();
  });

  it("keeps its damaged segment beside it, and goes on with the ones after", async () => {
    const { spool, ids } = await written(3);
    spool.rotate();
    const event = someAudit("after");
    spool.write([record("audit", event)]);
    const path = segmentPath(spool.directory, 1);
    const bytes = readFileSync(path);
    const copy = Buffer.from(bytes).fill(7, 60, bytes.length - 1_000);
    writeFileSync(path, copy);
    const shipment = shipmentOf(spool, store.pool, true);
    await shipment.finish(0, () => END);
    shipment.remove();
    const { items } = await checkChain(store.db, signer, spool.gatewayId);
    expect(items).toEqual([event.id]);
    expect(ids).not.toContain(event.id);
    expect(readFileSync(`${spool.directory}-00000001.damaged`).equals(copy)).toBe(true);
    spool.remove();
  });
});
