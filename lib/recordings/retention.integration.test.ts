import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ctxOf, insertConnection, insertGateway, insertIdentity, insertSession } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditEvents, recordingChunks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { applyRetention } from "./apply-retention";
import { removedWithin, storedRecordings } from "./stored-recordings";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);
const kept = (days: number) => ({ results: "full", max_result_bytes: 1024, retention_days: days }) as const;

describe("retention of recordings", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(() => store.close());

  let number = 0;
  async function chunks(connectionName: string, ages: readonly number[], sessionId = newId()): Promise<string[]> {
    const rows = ages.map((days) => {
      const data = Buffer.from(`frames of ${connectionName}, ${days} days old`);
      number += 1;
      return {
        id: newId(),
        sessionId,
        connectionName,
        number,
        codec: "brotli" as const,
        frames: 1,
        firstUs: 0,
        lastUs: 1,
        lastSequence: number,
        rawBytes: data.length,
        storedBytes: data.length,
        sha256: createHash("sha256").update(data).digest("hex"),
        at: daysAgo(days),
        data,
      };
    });
    for (let at = 0; at < rows.length; at += 500)
      await store.db.insert(recordingChunks).values(rows.slice(at, at + 500));
    return rows.map((row) => row.id);
  }
  const stored = async (connectionName: string) => {
    const rows = await store.db
      .select()
      .from(recordingChunks)
      .where(eq(recordingChunks.connectionName, connectionName));
    return rows.toSorted((a, b) => a.number - b.number).map((row) => row.data !== null);
  };
  const told = async () =>
    (await store.db.select().from(auditEvents).where(eq(auditEvents.action, "retention.applied"))).map(
      (row) => row.detail,
    );

  it("removes the bytes of what is older than its connection keeps it, and keeps all else of it", async () => {
    await insertConnection(store.db, { name: "shop", recording: kept(30) });
    await insertConnection(store.db, { name: "crm", recording: kept(365) });
    const [old] = await chunks("shop", [30.001, 29.999, 0]);
    await chunks("crm", [100]);
    const [before] = await store.db
      .select()
      .from(recordingChunks)
      .where(eq(recordingChunks.id, old ?? ""));
    await applyRetention(store.db, NOW);
    expect(await stored("shop")).toEqual([false, true, true]);
    expect(await stored("crm")).toEqual([true]);
    const [after] = await store.db
      .select()
      .from(recordingChunks)
      .where(eq(recordingChunks.id, old ?? ""));
    expect(after).toEqual({ ...before, data: null, expiredAt: NOW });
    expect(await told()).toEqual([
      { connection: "shop", before: daysAgo(30).toISOString(), chunks: 1, bytes: before?.storedBytes },
    ]);
  });

  it("keeps recordings of a deleted connection for the default of 90 days, and of a renamed one as that says", async () => {
    await chunks("deleted", [91, 89]);
    const connectionId = await insertConnection(store.db, { name: "new-name", recording: kept(365) });
    const gatewayId = await insertGateway(store.db);
    const identityId = await insertIdentity(store.db, "agent");
    await insertSession(store.db, { gatewayId, identityId, connectionId, connectionName: "old-name" });
    await chunks("old-name", [91, 366]);
    await applyRetention(store.db, NOW);
    expect(await stored("deleted")).toEqual([false, true]);
    expect(await stored("old-name")).toEqual([true, false]);
  });

  it("removes each chunk once and tells of each once, with several consoles at work", async () => {
    await insertConnection(store.db, { name: "shop", recording: kept(1) });
    await chunks("shop", Array(1001).fill(2));
    const rounds = await Promise.all([1, 2, 3].map(() => applyRetention(store.db, NOW)));
    expect(await stored("shop")).toEqual(Array(1001).fill(false));
    const sum = (counts: readonly unknown[]) => counts.reduce<number>((total, one) => total + Number(one), 0);
    expect(sum((await told()).map((detail) => detail.chunks))).toBe(1001);
    expect(sum(rounds.flat().map((removal) => removal.chunks))).toBe(1001);
    for (const detail of await told()) expect(Number(detail.chunks)).toBeLessThanOrEqual(200);
    expect(await applyRetention(store.db, NOW)).toEqual([]);
  });

  it("shows what is stored of each connection, what goes next, and what a shorter time would remove", async () => {
    const admin = ctxOf(store.db, "admin");
    const connectionId = await insertConnection(store.db, { name: "shop", recording: kept(30) });
    await insertConnection(store.db, { name: "quiet", recording: kept(7) });
    await chunks("shop", [40]);
    await chunks("shop", [20, 10]);
    await chunks("deleted", [1]);
    await applyRetention(store.db, NOW);
    expect(await storedRecordings(admin)).toMatchObject([
      { connection: "deleted", settings: null, retentionDays: 90, chunks: 1 },
      { connection: "quiet", retentionDays: 7, chunks: 0, bytes: 0, oldest: null, nextRemoval: null, removed: 0 },
      {
        connection: "shop",
        retentionDays: 30,
        chunks: 2,
        oldest: daysAgo(20),
        nextRemoval: new Date(daysAgo(20).getTime() + 30 * DAY),
        removed: 1,
        lastRemoval: NOW,
      },
    ]);
    expect(await removedWithin(admin, { connectionId, days: 3650 })).toEqual({ sessions: 0, bytes: 0 });
    const auditor = ctxOf(store.db, "auditor");
    await expect(storedRecordings(auditor)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(removedWithin(auditor, { connectionId, days: 1 })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
