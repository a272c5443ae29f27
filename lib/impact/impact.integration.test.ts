import { eq } from "drizzle-orm";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertConnection } from "@/e2e/support/approvals";
import { statementRow } from "@/e2e/support/recorded";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { CONSOLE_ANALYSTS } from "@/lib/analyses/analysts";
import { cancelAnalysis } from "@/lib/analyses/cancel";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { storeCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { analyses, connections, policies, statements } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { startLearning } from "@/lib/learning/start";
import { columnsOf } from "@/lib/policy/policy-columns";
import { policy } from "@/lib/policy/rule";
import { SHOP } from "@/lib/sql/shop.fixture";
import { measureImpact } from "./measure";
import { readImpact } from "./read-impact";
import { startImpact } from "./start-impact";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const rules = (max_limit: number) => [
  { name: "read", effect: "allow" as const, statements: ["select" as const], tables: ["shop.*"], max_limit },
];

describe("the impact of drafts, as long work", () => {
  let store: TestStore;
  let ctx: Ctx;
  const day = (maxLimit: number) => ({
    connection: "shop",
    policies: [{ name: "agents", identities: [{ client_id: "agent" }], rules: rules(maxLimit) }],
    days: 1,
  });
  const run = () =>
    runDueAnalysis(store.db, {
      name: "test",
      analysts: CONSOLE_ANALYSTS,
      signal: new AbortController().signal,
      onError: (error) => {
        throw error;
      },
    });

  beforeAll(async () => {
    store = await createTestStore();
    ctx = { actor: { kind: "system", name: "test" }, requestId: newId(), db: store.db };
    const connectionId = await insertConnection(store.db, {}, "shop");
    await store.db.update(connections).set({ schema: "shop" }).where(eq(connections.id, connectionId));
    await storeCatalogue(store.db, connectionId, SHOP, new Date());
    const { name, ...content } = policy.parse(day(100).policies[0]);
    const written = { createdAt: new Date(), updatedAt: new Date(), updatedBy: "test" };
    await store.db.insert(policies).values({ id: newId(), name, connectionId, ...columnsOf(content), ...written });
    const facts = { issuer: "https://idp.example", subject: "agent", kind: "machine", clientId: "agent" } as const;
    const agent = await upsertIdentity(store.db, { ...facts, email: null, name: "agent", groups: [] });
    const own = { connectionId, identityId: agent.id, templateHash: null };
    await store.db
      .insert(statements)
      .values(
        [5, 50].map((limit, at) => statementRow(agent.id, at, { ...own, sql: `SELECT id FROM orders LIMIT ${limit}` })),
      );
  });
  afterAll(() => store.close());

  it("is asked for, done, and read", async () => {
    const { id } = await startImpact(ctx, day(10));
    expect(await readImpact(ctx, id)).toMatchObject({ analysis: { id, state: "queued" }, result: null });
    await run();
    const done = {
      analysis: { id, state: "done", progress: 1 },
      result: { statements: 2, totals: { newly_blocked: 1 } },
    };
    expect(await readImpact(ctx, id)).toMatchObject(done);
  });

  it("is cancelled before it begins", async () => {
    const { id } = await startImpact(ctx, day(12));
    await cancelAnalysis(ctx, id);
    await run();
    expect(await readImpact(ctx, id)).toMatchObject({ analysis: { state: "cancelled" }, result: null });
  });

  it.each([
    ["impact", () => startImpact(ctx, day(14))],
    ["learning", () => startLearning(ctx, { connection: "shop", since: daysAgo(1), until: daysAgo(-1) })],
  ])("is cancelled while it runs, as %s is: it stops and leaves no result", async (_, start) => {
    const heartbeat = async () => (await row()).heartbeatAt?.getTime() ?? 0;
    const row = async () => {
      const [found] = await store.db.select().from(analyses).where(eq(analyses.id, id));
      if (found === undefined) throw new Error("it is not there");
      return found;
    };
    const { id } = await start();
    // Nobody can read the record meanwhile: the work is in the middle for as long as that takes.
    const other = await mysql.createConnection({ uri: store.url });
    await other.query("LOCK TABLES statements WRITE");
    const running = run();
    await expect.poll(async () => (await row()).state, { timeout: 30_000 }).toBe("running");
    await cancelAnalysis(ctx, id);
    // With each sign of life it looks whether somebody still wants it.
    for (const _beat of [1, 2]) {
      const last = await heartbeat();
      await expect.poll(heartbeat, { timeout: 30_000 }).toBeGreaterThan(last);
    }
    expect((await row()).state).toBe("running");
    await other.end();
    await running;
    expect(await row()).toMatchObject({ state: "cancelled", result: null, error: null });
  });

  it("stops at the next batch when nobody wants it any more", async () => {
    const stop = new AbortController();
    const range = { since: new Date(Date.now() - 86_400_000), until: new Date(Date.now() + 1000) };
    stop.abort();
    const work = measureImpact(store.db, { ...day(10), policies: [], without: [] }, range, {
      signal: stop.signal,
      progress: () => undefined,
    });
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is for those who may run it, of connections that there are", async () => {
    const auditor = {
      ...ctx,
      actor: { kind: "person", id: newId(), name: "au", roles: ["auditor"], groups: [], address: null },
    } as const;
    await expect(startImpact(auditor, day(10))).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(startImpact(ctx, { ...day(10), connection: "nope" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(startImpact(ctx, { ...day(10), days: 0 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
