import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ctxOf,
  insertConnection,
  insertGateway,
  insertIdentity,
  insertSession,
  insertStatements,
  statementRow,
} from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { recordAudit } from "@/lib/audit/record";
import type { Db } from "@/lib/db/client";
import { columnFindings, identities, policies } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { changedTopics, readMarks } from "@/lib/live/marks";
import { markedIdentity } from "@/lib/self-test/marked-identity";
import { needsAttention, recentRefusals } from "./attention";
import { readFirstSteps } from "./first-steps";
import { percentiles, readTraffic, TRAFFIC_MINUTES } from "./traffic";

async function insertPolicy(db: Db, connectionId: string): Promise<void> {
  const now = new Date();
  await db.insert(policies).values({
    id: newId(),
    name: newId(),
    connectionId,
    identities: [{ client_id: "orders-agent" }],
    rules: [],
    createdAt: now,
    updatedAt: now,
    updatedBy: "test",
  });
}

const refuse = (db: Db, action: "login.refused" | "console.refused", message: string) =>
  recordAudit(db, { kind: "system", name: "gateway" }, { action, result: "refused", code: "LOGIN_REFUSED", message });

describe("what goes through", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  it("counts statements and errors by the minute they began in, of the last hour only", async () => {
    const now = new Date("2026-11-23T10:30:30Z");
    const ids = { sessionId: newId(), identityId: newId() };
    const at = (time: string, more: object = {}) => statementRow({ ...ids, at: new Date(time), ...more });
    await insertStatements(store.db, [
      at("2026-11-23T10:30:10Z", { durationUs: 5_000 }),
      at("2026-11-23T10:30:29Z", { errorNumber: 1146, durationUs: 1_000 }),
      at("2026-11-23T10:29:59.999Z", { durationUs: 3_000 }),
      at("2026-11-23T09:31:00Z", { durationUs: 2_000 }),
      at("2026-11-23T09:30:59Z", { errorNumber: 1064, durationUs: 900_000 }),
    ]);
    const traffic = await readTraffic(ctxOf(store.db, "reviewer"), now);
    expect(traffic.minutes).toHaveLength(TRAFFIC_MINUTES);
    expect(traffic.minutes.at(-1)).toEqual({
      start: new Date("2026-11-23T10:30:00Z"),
      total: 2,
      errors: 1,
      denied: 0,
      reviewed: 0,
    });
    expect(traffic.minutes.at(-2)).toMatchObject({ total: 1, errors: 0 });
    expect(traffic.minutes.at(0)).toEqual({
      start: new Date("2026-11-23T09:31:00Z"),
      total: 1,
      errors: 0,
      denied: 0,
      reviewed: 0,
    });
    expect(traffic).toMatchObject({ total: 4, errors: 1, durations: { p50: 2_000, p99: 5_000, sample: 4 } });
  });

  it("takes no durations of self-tests", async () => {
    // After what the others insert: the hour has no end.
    const now = new Date("2026-12-10T10:30:30Z");
    const attacker = await markedIdentity(store.db, { id: newId(), name: "shop" });
    const agent = await insertIdentity(store.db, "orders-agent");
    const one = { sessionId: newId(), at: now };
    await insertStatements(store.db, [
      statementRow({ ...one, identityId: agent, durationUs: 2_000 }),
      statementRow({ ...one, identityId: attacker.id, durationUs: 960_000 }),
    ]);
    const traffic = await readTraffic(ctxOf(store.db, "reviewer"), now);
    expect(traffic).toMatchObject({ total: 2, durations: { p50: 2_000, p99: 2_000, sample: 1 } });
  });

  it("adds up the rows masked since midnight in UTC", async () => {
    const now = new Date("2026-11-25T10:30:30Z");
    const ids = { sessionId: newId(), identityId: newId() };
    const at = (time: string, maskedRows: number) => statementRow({ ...ids, at: new Date(time), maskedRows });
    await insertStatements(store.db, [
      at("2026-11-25T00:00:00Z", 40),
      at("2026-11-25T10:30:10Z", 2),
      at("2026-11-24T23:59:59.999Z", 1_000),
    ]);
    const { maskedToday, dayStart } = await readTraffic(ctxOf(store.db, "reviewer"), now);
    expect({ maskedToday, dayStart }).toEqual({ maskedToday: 42, dayStart: new Date("2026-11-25T00:00:00Z") });
  });

  it("has no durations without statements, and exact ranks with them", () => {
    expect(percentiles([])).toBeNull();
    expect(percentiles([7])).toEqual({ p50: 7, p99: 7, sample: 1 });
    expect(percentiles(Array.from({ length: 200 }, (_, i) => 200 - i))).toEqual({ p50: 100, p99: 198, sample: 200 });
  });

  it("is not for people without a role", async () => {
    await expect(readTraffic(ctxOf(store.db))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("what needs a person", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  it("names each trouble while it lasts, and nothing once it is settled", async () => {
    const ctx = ctxOf(store.db, "auditor");
    const kinds = async () => (await needsAttention(ctx)).map((item) => item.kind);
    expect(await kinds()).toEqual(["no-gateway"]);

    await insertGateway(store.db, { heartbeatAt: new Date(Date.now() - 60_000) });
    expect(await kinds()).toEqual(["no-gateway"]);
    await insertGateway(store.db);
    expect(await kinds()).toEqual([]);

    const shop = await insertConnection(store.db, { name: "shop" });
    expect(await needsAttention(ctx)).toEqual([{ kind: "connection-unbound", name: "shop" }]);
    await insertPolicy(store.db, shop);
    expect(await kinds()).toEqual([]);

    const test = (result: "ok" | "failed", failedStep: string | null) =>
      recordAudit(store.db, ctx.actor, {
        action: "connection.tested",
        result,
        object: { kind: "connection", id: shop, name: "shop" },
        detail: { failedStep, latencyMs: null, warnings: 0 },
      });
    await test("failed", "login");
    expect(await needsAttention(ctx)).toMatchObject([{ kind: "connection-failing", name: "shop", step: "login" }]);
    await test("ok", null);
    expect(await kinds()).toEqual([]);

    await refuse(store.db, "login.refused", "The token expired");
    await refuse(store.db, "console.refused", "No role");
    expect(await needsAttention(ctx)).toEqual([{ kind: "refused", count: 2 }]);
    expect((await recentRefusals(ctx, 5)).map((event) => event.message)).toEqual(["No role", "The token expired"]);

    await insertIdentity(store.db, "orders-agent");
    await store.db.update(identities).set({ status: "suspended" });
    expect(await kinds()).toEqual(["refused", "suspended"]);
  });

  it("counts the columns that nobody has reviewed, for those who may see them", async () => {
    const connectionId = await insertConnection(store.db, { name: "crm" });
    await insertPolicy(store.db, connectionId);
    const column = (name: string, status: "open" | "dismissed") => ({
      id: newId(),
      connectionId,
      schema: "crm",
      table: "people",
      column: name,
      dataType: "varchar",
      kind: "email" as const,
      confidence: 90,
      reason: "Its name says so",
      method: "email" as const,
      options: {},
      status,
      foundAt: new Date(),
    });
    await store.db.insert(columnFindings).values([column("a", "open"), column("b", "open"), column("c", "dismissed")]);
    const unreviewed = async (role: "admin" | "reviewer") =>
      (await needsAttention(ctxOf(store.db, role))).filter((item) => item.kind === "unreviewed-columns");
    expect(await unreviewed("admin")).toEqual([{ kind: "unreviewed-columns", count: 2 }]);
    expect(await unreviewed("reviewer")).toEqual([]);
  });

  it("leaves out for reviewers what the audit trail says", async () => {
    const reviewer = ctxOf(store.db, "reviewer");
    expect(await needsAttention(reviewer)).toEqual([]);
    await expect(recentRefusals(reviewer, 5)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("first steps and live marks", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  it("tick one after the other, and each change is marked under its topic", async () => {
    const ctx = ctxOf(store.db, "admin");
    let marks = await readMarks(store.db);
    const changes = async () => {
      const now = await readMarks(store.db);
      const topics = changedTopics(marks, now);
      marks = now;
      return topics;
    };
    expect(await readFirstSteps(ctx)).toEqual({ connection: false, policy: false, agent: false, statement: false });
    const connectionId = await insertConnection(store.db, { name: "shop" });
    expect(await changes()).toEqual(["connections"]);
    await insertPolicy(store.db, connectionId);
    expect(await readFirstSteps(ctx)).toMatchObject({ connection: true, policy: true, agent: false });
    const gatewayId = await insertGateway(store.db);
    const identityId = await insertIdentity(store.db, "orders-agent");
    await changes();
    const sessionId = await insertSession(store.db, { gatewayId, identityId });
    expect(await changes()).toEqual(["sessions"]);
    await insertStatements(store.db, [statementRow({ sessionId, identityId })]);
    expect(await changes()).toEqual(["statements"]);
    await refuse(store.db, "login.refused", "x");
    expect(await changes()).toEqual(["audit"]);
    expect(await changes()).toEqual([]);
    expect(await readFirstSteps(ctx)).toEqual({ connection: true, policy: true, agent: true, statement: true });
  });
});
