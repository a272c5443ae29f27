import { and, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ChainWriter,
  chunkRow,
  endedEvent,
  retentionEvent,
  type StatementRow,
  statementRow,
} from "@/e2e/support/recorded";
import { createTestStore, type TestStore, testSigner } from "@/e2e/support/store";
import { recordAudit } from "@/lib/audit/record";
import { beat, closeDeadChains, endProcessChain } from "@/lib/chain/beat";
import { auditEvents, chainBatches, recordChains, recordingChunks, signingKeys, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { batchHash } from "../model";
import { signerFrom } from "../signer";
import { trustedKeys } from "./trusted-keys";
import { type VerifyOptions, verifyStore } from "./verify-store";

const keys = trustedKeys([testSigner.publicKey]);
const watch = { kind: "system", name: "test" } as const;

describe("the proof of the record", () => {
  let store: TestStore;
  let gateway: ChainWriter;
  let session: string;
  let ran: StatementRow[];
  let chunk: ReturnType<typeof chunkRow>;

  const verify = (options: Partial<VerifyOptions> = {}) => verifyStore(store.db, { keys, ...options });
  const codes = async (options: Partial<VerifyOptions> = {}) => {
    const { problems, proven } = await verify(options);
    expect(proven).toBe(problems.length === 0);
    return problems.map((one) => one.code);
  };
  const first = async (options: Partial<VerifyOptions> = {}) => (await verify(options)).problems[0];
  const inChain = (number: number) =>
    and(eq(chainBatches.chainId, gateway.head.chainId), eq(chainBatches.number, number));

  /** A gateway's chain of five batches that a second chain has seen, an open process chain, and nothing wrong. */
  beforeEach(async () => {
    store = await createTestStore();
    session = newId();
    gateway = await ChainWriter.open(store.db);
    ran = [1, 2, 3, 4].map((n) => statementRow(session, n));
    chunk = chunkRow(session, 1);
    await gateway.write({ statements: ran.slice(0, 2) });
    await gateway.write({ statements: ran.slice(2), chunks: [chunk] });
    await gateway.write({});
    await gateway.write({ events: [endedEvent(session, 4)] });
    await recordAudit(store.db, watch, { action: "connection.tested", detail: { b: 1, a: [{ d: null, c: "ü" }] } });
    await recordAudit(store.db, watch, { action: "policy.created" });
    await beat(store.db);
  });
  afterEach(() => store.close());

  describe("of an honest store", () => {
    it("finds nothing, and counts what there is", async () => {
      const { proven, problems, counts, heads } = await verify();
      expect(problems).toEqual([]);
      expect(proven).toBe(true);
      expect(counts).toMatchObject({ batches: 7, auditEvents: 3, statements: 4, chunks: 1, running: 0, before: 0 });
      expect(heads).toHaveLength(2);
    });

    it("finds nothing while others write", async () => {
      let writing = true;
      const writer = (async () => {
        for (let n = 1; writing; n++) {
          await gateway.write({ statements: [statementRow(newId(), n)] });
          await Promise.all([1, 2].map(() => recordAudit(store.db, watch, { action: "policy.updated" })));
          await beat(store.db);
        }
      })();
      for (let round = 0; round < 15; round++) expect((await verify()).problems).toEqual([]);
      writing = false;
      await writer;
      expect((await verify()).problems).toEqual([]);
    });

    it("finds nothing after chunks were removed by a retention that is on record", async () => {
      await store.db.update(recordingChunks).set({ data: null, expiredAt: new Date() });
      await gateway.write({ events: [retentionEvent("shop", new Date(Date.now() + 1000))] });
      const { problems, counts } = await verify();
      expect(problems).toEqual([]);
      expect(counts.removedChunks).toBe(1);
      expect(await codes({ chain: gateway.head.chainId })).toEqual([]);
    });

    it("finds nothing wrong with what is older than the first proof, and counts it", async () => {
      const old = { id: "01HZZZZZZZ0000000000000000", at: new Date("2024-06-01T00:00:00Z") };
      await store.db.insert(statements).values(statementRow(newId(), 1, old));
      const { problems, counts } = await verify();
      expect(problems).toEqual([]);
      expect(counts.before).toBe(1);
    });

    it("counts running statements apart", async () => {
      await store.db.insert(statements).values(statementRow(session, 5, { state: "running" }));
      const other = statementRow(newId(), 1, { state: "running" });
      await store.db.insert(statements).values(other);
      const { problems, counts } = await verify({ quick: true });
      // The session said that it ended with four.
      expect(problems.map((one) => one.code)).toEqual(["session_count"]);
      expect(counts.running).toBe(2);
    });

    it("finds nothing after writers died and another closed their chains, and those that ended cleanly", async () => {
      const dead = await ChainWriter.open(store.db, "console");
      await dead.write({ events: [endedEvent(newId(), 0)] });
      await silence(dead.head.chainId, 600);
      expect(await codes()).toEqual(["chain_silent"]);
      expect(await closeDeadChains(store.db, testSigner, "a test")).toEqual([dead.head.chainId]);
      await endProcessChain(store.db);
      expect(await codes()).toEqual([]);
      const [last] = await store.db
        .select()
        .from(chainBatches)
        .where(and(eq(chainBatches.chainId, dead.head.chainId), eq(chainBatches.final, true)));
      expect(last?.note).toBe("closed by a test: its writer ended without a word");
    });

    it("proves a part of it: a chain, or what came since", async () => {
      expect((await verify({ chain: gateway.head.chainId })).counts).toMatchObject({ batches: 4, statements: 4 });
      const since = new Date();
      await gateway.write({ statements: [statementRow(newId(), 1)] });
      const part = await verify({ since });
      expect(part.problems).toEqual([]);
      expect(part.scope).toEqual({ chain: null, since, recordings: true });
      expect(part.counts).toMatchObject({ batches: 1, statements: 1 });
    });

    it("tells how far it is, and stops when it is told to", async () => {
      const seen: number[] = [];
      await verify({ onProgress: ({ itemsDone }) => seen.push(itemsDone) });
      expect(seen.at(-1)).toBe(8);
      const stop = new AbortController();
      stop.abort(new Error("enough"));
      await expect(verify({ signal: stop.signal })).rejects.toThrow("enough");
    });
  });

  const silence = (chain: string, seconds: number) =>
    store.db
      .update(recordChains)
      .set({ seenAt: sql`UTC_TIMESTAMP(3) - INTERVAL ${sql.raw(String(seconds))} SECOND` })
      .where(eq(recordChains.id, chain));

  describe("names", () => {
    it.each([
      ["sql", "SELECT 1"],
      ["identityId", "MALLORY0000000000000000000"],
      ["rowCount", 2],
      ["effect", "deny"],
      ["at", new Date(1_700_000_000_000)],
      ["errorMessage", ""],
      ["maskedRows", 1],
      ["sequence", 9],
    ] as const)("a statement whose %s was changed", async (field, value) => {
      const id = ran[1]?.id ?? "";
      await store.db
        .update(statements)
        .set({ [field]: value })
        .where(eq(statements.id, id));
      expect(await first()).toMatchObject({
        code: "record_changed",
        chain: gateway.head.chainId,
        batch: 1,
        record: { kind: "statement", id },
      });
    });

    it.each([
      ["actorName", "Somebody else"],
      ["detail", { b: 1 }],
      ["result", "failed"],
    ] as const)("an audit event whose %s was changed", async (field, value) => {
      await store.db
        .update(auditEvents)
        .set({ [field]: value })
        .where(eq(auditEvents.action, "connection.tested"));
      expect(await codes()).toEqual(["record_changed"]);
    });

    it("one byte of a chunk, unless recordings are left out", async () => {
      await store.db.update(recordingChunks).set({ data: Buffer.from("framez 1") });
      expect(await first()).toMatchObject({ code: "chunk_bytes", batch: 2, record: { id: chunk.id } });
      expect(await codes({ quick: true })).toEqual([]);
    });

    it("a chunk whose bytes and head were both changed", async () => {
      await store.db.update(recordingChunks).set({ firstUs: 5 });
      expect(await codes()).toEqual(["record_changed"]);
    });

    it("a chunk that lost its bytes without being marked", async () => {
      await store.db.update(recordingChunks).set({ data: null });
      expect(await codes()).toEqual(["chunk_removed"]);
    });

    it("a retention that is not on record, does not reach, is of another connection or was only put into the store", async () => {
      await store.db.update(recordingChunks).set({ data: null, expiredAt: new Date() });
      expect(await codes()).toEqual(["chunk_removed"]);
      await gateway.write({ events: [retentionEvent("shop", new Date(chunk.at.getTime() - 1))] });
      await gateway.write({ events: [retentionEvent("other", new Date(Date.now() + 1000))] });
      expect(await codes()).toEqual(["chunk_removed"]);
      expect(await codes({ chain: gateway.head.chainId })).toEqual(["chunk_removed"]);
      await store.db.insert(auditEvents).values(retentionEvent("shop", new Date(Date.now() + 1000)));
      expect((await codes()).sort()).toEqual(["chunk_removed", "record_unchained"]);
    });

    it("other bytes under the mark of a retention that is on record", async () => {
      await gateway.write({ events: [retentionEvent("shop", new Date(Date.now() + 1000))] });
      await store.db.update(recordingChunks).set({ data: Buffer.from("framez 1"), expiredAt: new Date() });
      expect(await codes()).toEqual(["chunk_bytes"]);
    });

    it("a row that was deleted, of each kind", async () => {
      await store.db.delete(recordingChunks);
      expect(await first()).toMatchObject({ code: "record_missing", batch: 2, record: { kind: "recording_chunk" } });
      await store.db.delete(auditEvents).where(eq(auditEvents.action, "policy.created"));
      await store.db.delete(statements).where(eq(statements.id, ran[0]?.id ?? ""));
      expect((await codes()).sort()).toEqual(["record_missing", "record_missing", "record_missing", "session_count"]);
    });

    it("a finished statement that was marked as running", async () => {
      await store.db.update(statements).set({ state: "running" }).where(eq(statements.sequence, 1));
      expect(await codes()).toEqual(["record_running"]);
    });

    it("a row that was put in, of each kind", async () => {
      const intruder = statementRow(newId(), 1);
      await store.db.insert(statements).values(intruder);
      await store.db.insert(recordingChunks).values(chunkRow(newId(), 1));
      await store.db.insert(auditEvents).values(retentionEvent("shop", new Date()));
      const { problems } = await verify();
      expect(problems.map((one) => one.code)).toEqual(["record_unchained", "record_unchained", "record_unchained"]);
      expect(problems.find((one) => one.record?.kind === "statement")?.record?.id).toBe(intruder.id);
    });

    it("two rows that changed places", async () => {
      const [a, b] = [ran[0]?.id ?? "", ran[1]?.id ?? ""];
      const swap = (from: string, to: string) =>
        store.db.update(statements).set({ id: to }).where(eq(statements.id, from));
      await swap(a, "T".repeat(26));
      await swap(b, a);
      await swap("T".repeat(26), b);
      expect(await codes()).toEqual(["record_changed", "record_changed"]);
    });

    it("a list of records that was changed, also with its hash", async () => {
      const [batch] = await store.db.select().from(chainBatches).where(inChain(2));
      if (batch === undefined) throw new Error("no batch");
      const shorter = { ...batch, items: batch.items.subarray(59), count: batch.count - 1 };
      await store.db.update(chainBatches).set({ items: shorter.items, count: shorter.count }).where(inChain(2));
      expect(await first()).toMatchObject({ code: "batch_hash", batch: 2 });
      await store.db
        .update(chainBatches)
        .set({ hash: batchHash(shorter) })
        .where(inChain(2));
      expect(await first()).toMatchObject({ code: "signature", batch: 2 });
    });

    it("a batch that is none any more, and an event that is nothing, and goes on behind them", async () => {
      await store.db.execute(sql`UPDATE chain_batches SET witnesses = '{}' WHERE ${inChain(1)}`);
      await store.db.update(statements).set({ sql: "SELECT 1" }).where(eq(statements.sequence, 3));
      const problems = await codes();
      expect(problems.slice(0, 2)).toEqual(["batch_hash", "record_changed"]);
      expect(await first()).toMatchObject({ code: "batch_hash", chain: gateway.head.chainId, batch: 1 });
      await store.db.update(recordingChunks).set({ data: null, expiredAt: new Date() });
      const forged = { ...retentionEvent("shop", new Date()), detail: sql`'null'` };
      await store.db.insert(auditEvents).values(forged);
      expect(await codes({ chain: gateway.head.chainId })).toContain("chunk_removed");
    });

    it("a batch that was deleted in the middle", async () => {
      await store.db.delete(chainBatches).where(inChain(3));
      expect(await first()).toMatchObject({ code: "batch_missing", chain: gateway.head.chainId, batch: 3 });
    });

    it("the end of a chain that was cut, with or without its rows", async () => {
      await store.db.delete(chainBatches).where(inChain(4));
      expect((await codes()).sort()).toEqual(["chain_head", "record_unchained", "witness"]);
      await store.db.delete(auditEvents).where(eq(auditEvents.action, "session.ended"));
      expect((await codes()).sort()).toEqual(["chain_head", "witness"]);
    });

    it("an open chain that was cut, rows, head and all: another chain has seen more of it", async () => {
      const [third] = await store.db.select().from(chainBatches).where(inChain(3));
      await store.db.delete(chainBatches).where(inChain(4));
      await store.db.delete(auditEvents).where(eq(auditEvents.action, "session.ended"));
      await store.db
        .update(recordChains)
        .set({ headNumber: 3, headHash: third?.hash ?? "", items: 5 })
        .where(eq(recordChains.id, gateway.head.chainId));
      expect(await first()).toMatchObject({ code: "witness", chain: gateway.head.chainId, batch: 4 });
      expect(await codes()).toHaveLength(1);
    });

    it("a closed chain that was cut, rows, head and all", async () => {
      await gateway.write({}, { final: true });
      await store.db.delete(chainBatches).where(inChain(5));
      const [fourth] = await store.db.select().from(chainBatches).where(inChain(4));
      await store.db
        .update(recordChains)
        .set({ headNumber: 4, headHash: fourth?.hash ?? "" })
        .where(eq(recordChains.id, gateway.head.chainId));
      expect(await codes()).toEqual(["chain_unfinished"]);
      await store.db.update(recordChains).set({ endedAt: null }).where(eq(recordChains.id, gateway.head.chainId));
      await silence(gateway.head.chainId, 600);
      expect(await codes()).toEqual(["chain_silent"]);
    });

    it("a closed chain that was cut long after, and made to look as if it were written to still", async () => {
      const old = await ChainWriter.open(store.db);
      const at = new Date(Date.now() - 3_600_000);
      for (const final of [false, true]) await old.write({}, { final, at });
      await store.db
        .delete(chainBatches)
        .where(and(eq(chainBatches.chainId, old.head.chainId), eq(chainBatches.number, 2)));
      const [start] = await store.db.select().from(chainBatches).where(eq(chainBatches.chainId, old.head.chainId));
      await store.db
        .update(recordChains)
        .set({ headNumber: 1, headHash: start?.hash ?? "", endedAt: null, seenAt: new Date(Date.now() + 86_400_000) })
        .where(eq(recordChains.id, old.head.chainId));
      expect(await first()).toMatchObject({ code: "chain_silent", chain: old.head.chainId });
      expect((await first())?.message).toContain(at.toISOString());
    });

    it("how far a spool is in the store, when that is not what was signed", async () => {
      const claim = (spoolSequence: number) =>
        store.db.update(recordChains).set({ spoolSequence }).where(eq(recordChains.id, gateway.head.chainId));
      await claim(900);
      expect(await first()).toMatchObject({ code: "spool_place", chain: gateway.head.chainId, batch: 4 });
      await gateway.write({}, { spool: { segment: 2, offset: 5_000_000_000, sequence: 300 } });
      expect(await codes()).toEqual([]);
      const since = new Date();
      // Whoever ends it for a writer that is gone does not know better.
      await gateway.write({}, { final: true });
      for (const range of [{}, { since }]) expect(await codes(range)).toEqual([]);
      await claim(900);
      expect(await codes({ since })).toEqual(["spool_place"]);
      expect((await first())?.message).toContain("record 900");
    });

    it("a process's own chain that was cut under it", async () => {
      const [mine] = await store.db.select().from(recordChains).where(eq(recordChains.kind, "command"));
      if (mine === undefined) throw new Error("no chain");
      await store.db.delete(chainBatches).where(and(eq(chainBatches.chainId, mine.id), eq(chainBatches.number, 3)));
      const [second] = await store.db
        .select()
        .from(chainBatches)
        .where(and(eq(chainBatches.chainId, mine.id), eq(chainBatches.number, 2)));
      await store.db
        .update(recordChains)
        .set({ headNumber: 2, headHash: second?.hash ?? "" })
        .where(eq(recordChains.id, mine.id));
      expect(await codes()).toEqual([]);
      await recordAudit(store.db, watch, { action: "policy.updated" });
      expect(await first()).toMatchObject({ code: "witness", chain: mine.id, batch: 3 });
    });

    it("a chain that was removed, with its batches or without", async () => {
      const id = gateway.head.chainId;
      await store.db.delete(recordChains).where(eq(recordChains.id, id));
      expect(await codes()).toContain("chain_missing");
      await store.db.delete(chainBatches).where(eq(chainBatches.chainId, id));
      await store.db.delete(statements);
      await store.db.delete(recordingChunks);
      await store.db.delete(auditEvents).where(eq(auditEvents.action, "session.ended"));
      expect(await first()).toMatchObject({ code: "witness", chain: id, batch: 4 });
    });

    it("a batch signed by another key, also when the store has that key", async () => {
      const other = signerFrom(Buffer.alloc(32, 8));
      const [batch] = await store.db.select().from(chainBatches).where(inChain(1));
      await store.db.insert(signingKeys).values({ id: other.keyId, publicKey: other.publicKey, createdAt: new Date() });
      await store.db
        .update(chainBatches)
        .set({ keyId: other.keyId, signature: other.sign(batch?.hash ?? "") })
        .where(inChain(1));
      expect(await first()).toMatchObject({ code: "key_untrusted", batch: 1 });
      expect((await first())?.message).toContain(other.keyId);
      await store.db.update(chainBatches).set({ keyId: testSigner.keyId }).where(inChain(1));
      expect(await first()).toMatchObject({ code: "signature", batch: 1 });
    });

    it("a store that was put back to an earlier copy, against the heads of a later proof", async () => {
      const { heads } = await verify();
      expect(await codes({ earlier: heads })).toEqual([]);
      await gateway.write({ statements: [statementRow(newId(), 1)] });
      const later = (await verify()).heads;
      await store.db.delete(chainBatches).where(inChain(5));
      await store.db.delete(statements).where(eq(statements.chainBatch, 5));
      const [fourth] = await store.db.select().from(chainBatches).where(inChain(4));
      await store.db
        .update(recordChains)
        .set({ headNumber: 4, headHash: fourth?.hash ?? "", items: 6 })
        .where(eq(recordChains.id, gateway.head.chainId));
      expect(await codes()).toEqual([]);
      expect(await first({ earlier: later })).toMatchObject({ code: "earlier_proof", batch: 5 });
    });
  });
});
