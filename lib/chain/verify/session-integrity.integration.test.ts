import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChainWriter, chunkRow, endedEvent, insertSession, retentionEvent, statementRow } from "@/e2e/support/recorded";
import { createTestStore, type TestStore, testSigner } from "@/e2e/support/store";
import { recordChains, recordingChunks, sessions, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { trustedKeys } from "./trusted-keys";
import { verifySession } from "./verify-session";

const keys = trustedKeys([testSigner.publicKey]);

describe("the proof of one session", () => {
  let store: TestStore;
  let gateway: ChainWriter;
  beforeAll(async () => {
    store = await createTestStore();
    gateway = await ChainWriter.open(store.db);
    await gateway.write({});
  });
  afterAll(() => store.close());

  const verify = (id: string) => verifySession(store.db, keys, id);

  async function recorded() {
    const id = newId();
    await insertSession(store.db, gateway.head.chainId, id);
    for (let n = 1; n <= 6; n += 2) {
      await gateway.write({ statements: [statementRow(id, n), statementRow(id, n + 1)] });
      // Other sessions' records stand in between.
      await gateway.write({ statements: [statementRow(newId(), 1)] });
    }
    await gateway.write({ chunks: [chunkRow(id, 1), chunkRow(id, 2)], events: [endedEvent(id, 6)] });
    await store.db.update(sessions).set({ endedAt: new Date() }).where(eq(sessions.id, id));
    return id;
  }

  it("takes statements, chunks and events to the batches that their rows name", async () => {
    expect(await verify(await recorded())).toEqual({
      problems: [],
      problemCount: 0,
      checked: 9,
      chains: [gateway.head.chainId],
      unfinished: false,
      before: false,
    });
  });

  it("is unfinished while the session goes on", async () => {
    const id = newId();
    await insertSession(store.db, gateway.head.chainId, id);
    await gateway.write({ statements: [statementRow(id, 1)] });
    await store.db.insert(statements).values(statementRow(id, 2, { state: "running" }));
    expect(await verify(id)).toMatchObject({ problems: [], checked: 1, unfinished: true });
  });

  it("names what was changed, removed, put in, or says that it stands elsewhere", async () => {
    const id = await recorded();
    const codes = async () => (await verify(id)).problems.map((one) => one.code).sort();
    const [row] = await store.db.select().from(statements).where(eq(statements.sessionId, id)).limit(1);
    if (row === undefined) throw new Error("no statement");
    const set = (change: Partial<typeof row>) =>
      store.db.update(statements).set(change).where(eq(statements.id, row.id));
    await set({ sql: "SELECT 1" });
    expect(await codes()).toEqual(["record_changed"]);
    await set({ sql: row.sql, chainBatch: (row.chainBatch ?? 0) + 1 });
    expect(await codes()).toEqual(["record_unchained"]);
    await set({ chainBatch: null });
    expect(await codes()).toEqual(["record_unchained"]);
    await set({ chainBatch: row.chainBatch });
    await store.db.insert(statements).values(statementRow(id, 7));
    expect(await codes()).toEqual(["record_unchained", "session_count"]);
    await store.db.delete(statements).where(eq(statements.sequence, 7));
    await store.db.delete(statements).where(eq(statements.id, row.id));
    expect(await codes()).toEqual(["record_missing", "session_count"]);
    await store.db
      .update(recordingChunks)
      .set({ data: Buffer.from("x") })
      .where(eq(recordingChunks.sessionId, id));
    expect(await codes()).toEqual(["chunk_bytes", "chunk_bytes", "record_missing", "session_count"]);
  });

  it("believes removed recordings only where a retention that is on record reaches them", async () => {
    const id = await recorded();
    await store.db
      .update(recordingChunks)
      .set({ data: null, expiredAt: new Date() })
      .where(eq(recordingChunks.sessionId, id));
    expect((await verify(id)).problems.map((one) => one.code)).toEqual(["chunk_removed", "chunk_removed"]);
    await gateway.write({ events: [retentionEvent("shop", new Date(Date.now() + 1000))] });
    expect((await verify(id)).problems).toEqual([]);
  });

  it("does not blame a session that is older than the first chain", async () => {
    const id = newId();
    await insertSession(store.db, gateway.head.chainId, id);
    await store.db.insert(statements).values(statementRow(id, 1));
    expect((await verify(id)).problems).toHaveLength(1);
    await store.db.update(recordChains).set({ startedAt: new Date(Date.now() + 60_000) });
    expect(await verify(id)).toMatchObject({ problems: [], before: true, checked: 0 });
  });

  it("takes less than two seconds for 10,000 statements", async () => {
    const id = newId();
    await insertSession(store.db, gateway.head.chainId, id);
    for (let n = 0; n < 10_000; n += 100) {
      const ran = Array.from({ length: 100 }, (_, index) => statementRow(id, n + index + 1));
      await gateway.write({ statements: ran });
    }
    const started = performance.now();
    expect((await verify(id)).checked).toBe(10_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
