import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ctxOf, idAt } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { analyses, auditEvents } from "@/lib/db/schema";
import type { AnalysisKind, AnalysisState } from "@/lib/db/schema/analyses";
import { SallyportError } from "@/lib/errors/error";
import { type AnalysisTools, analyst } from "./analyst";
import { cancelAnalysis } from "./cancel";
import { forgetOldAnalyses } from "./forget-old";
import { analysisHead, getAnalysis, listAnalyses } from "./read";
import { runDueAnalysis } from "./run-due";
import { inputHash, startAnalysis } from "./start";

const question = z.strictObject({ connection: z.string(), days: z.int().default(7) });

describe("long work", () => {
  let store: TestStore;
  const errors: unknown[] = [];

  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    errors.length = 0;
    await store.db.delete(analyses);
  });

  const admin = () => ctxOf(store.db, "admin");
  const start = (input: unknown = { connection: "shop" }) => startAnalysis(admin(), "unused", question, input);
  const run = (
    work: (input: z.output<typeof question>, tools: AnalysisTools) => Promise<unknown>,
    signal: AbortSignal = new AbortController().signal,
  ) =>
    runDueAnalysis(store.db, {
      name: "a test",
      analysts: [analyst("unused", question, (_db, input, tools) => work(input, tools))],
      signal,
      onError: (error) => errors.push(error),
    });

  it("is queued with its parsed question and an audit event, and done by who does such work", async () => {
    const { id } = await start();
    expect(await analysisHead(admin(), id)).toMatchObject({ state: "queued", input: { connection: "shop", days: 7 } });
    await run(async ({ days }) => ({ days }));
    expect(await getAnalysis(admin(), "unused", id)).toMatchObject({ state: "done", progress: 1, result: { days: 7 } });
    const [event] = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id));
    expect(event).toMatchObject({ action: "analysis.started", connectionName: "shop" });
  });

  it("is done once, however many processes look for it", async () => {
    await start();
    let times = 0;
    const once = () =>
      run(async () => {
        times += 1;
        return {};
      });
    await Promise.all([once(), once(), once()]);
    expect(times).toBe(1);
  });

  it("leaves kinds that it does not do", async () => {
    const { id } = await startAnalysis(admin(), "learn", question, { connection: "shop" });
    await run(async () => ({}));
    expect((await analysisHead(admin(), id)).state).toBe("queued");
  });

  it("says how far it is while it runs", async () => {
    const { id } = await start();
    await run(async (_input, { progress }) => {
      progress(0.4, "Day 4 of 10");
      await expect
        .poll(async () => analysisHead(admin(), id), { timeout: 10_000 })
        .toMatchObject({ state: "running", progress: 0.4, step: "Day 4 of 10" });
      return {};
    });
    expect((await analysisHead(admin(), id)).state).toBe("done");
  });

  it("ends at once when it is cancelled before anybody has begun it, and is not done then", async () => {
    const { id } = await start();
    await cancelAnalysis(admin(), id);
    let done = false;
    await run(async () => {
      done = true;
      return {};
    });
    expect([done, (await analysisHead(admin(), id)).state]).toEqual([false, "cancelled"]);
  });

  it("hears within seconds that it is cancelled while it runs", async () => {
    const { id } = await start();
    await run(async (_input, { signal }) => {
      await cancelAnalysis(admin(), id);
      await delay(30_000, null, { signal });
      return {};
    });
    expect(await getAnalysis(admin(), "unused", id)).toMatchObject({ state: "cancelled", result: null });
    expect(errors).toEqual([]);
  });

  it("says why it failed where that is for people, and that the log knows where not", async () => {
    const told = await start();
    await run(async () => {
      throw new SallyportError("UNAVAILABLE", "The schema is not known yet", { next: "Start a gateway" });
    });
    expect((await analysisHead(admin(), told.id)).error).toBe("The schema is not known yet. Start a gateway");
    expect(errors).toEqual([]);
    const untold = await start();
    await run(async () => {
      throw new TypeError("secret detail");
    });
    expect(await analysisHead(admin(), untold.id)).toMatchObject({
      state: "failed",
      error: "It failed; the log says why",
    });
    expect(errors).toHaveLength(1);
  });

  it("ends as failed when the process that worked on it is gone", async () => {
    const { id } = await start();
    const longAgo = new Date(Date.now() - 60_000);
    await store.db
      .update(analyses)
      .set({ state: "running", worker: "dead", heartbeatAt: longAgo })
      .where(eq(analyses.id, id));
    await run(async () => ({}));
    expect(await analysisHead(admin(), id)).toMatchObject({ state: "failed" });
  });

  it("is forgotten a week later where its result holds for a day, and kept where it is evidence", async () => {
    const old = (kind: AnalysisKind, state: AnalysisState, daysAgo: number) => ({
      id: idAt(new Date(Date.now() - daysAgo * 86_400_000)),
      kind,
      state,
      connectionName: "shop",
      input: {},
      inputHash: "0".repeat(64),
      createdAt: new Date(),
      createdBy: `${kind} ${state} ${daysAgo}`,
    });
    await store.db
      .insert(analyses)
      .values([
        old("impact", "done", 8),
        old("impact", "running", 8),
        old("impact", "done", 6),
        old("unused", "failed", 91),
        old("self_test", "done", 900),
        old("learn", "done", 900),
      ]);
    await forgetOldAnalyses(store.db);
    const left = await store.db.select({ who: analyses.createdBy }).from(analyses);
    expect(left.map(({ who }) => who).sort()).toEqual([
      "impact done 6",
      "impact running 8",
      "learn done 900",
      "self_test done 900",
    ]);
  });

  it("is for administrators to start and to cancel, for auditors to look at, and for nobody else", async () => {
    const { id } = await start();
    const auditor = ctxOf(store.db, "auditor");
    const reviewer = ctxOf(store.db, "reviewer");
    expect((await listAnalyses(auditor, "unused", "shop")).map((one) => one.id)).toEqual([id]);
    await expect(startAnalysis(auditor, "unused", question, { connection: "shop" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(cancelAnalysis(auditor, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(analysisHead(reviewer, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("refuses a question that is not valid, at its field", async () => {
    await expect(start({ connection: "shop", days: "x" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "days" }],
    });
  });

  it("knows the same question again, however its keys are ordered", () => {
    expect(inputHash("impact", { a: 1, b: [{ c: 1, d: 2 }] })).toBe(inputHash("impact", { b: [{ d: 2, c: 1 }], a: 1 }));
    expect(inputHash("impact", { a: 1 })).not.toBe(inputHash("learn", { a: 1 }));
  });
});
