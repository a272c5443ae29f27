import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { insertGateway } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { approvals, auditEvents } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { markCut } from "@/lib/sessions/mark-cut";
import { addFindings } from "./add-findings";
import { approve } from "./approve";
import { deny } from "./deny";
import { markRetryOnly } from "./mark-retry-only";
import { pollDecisions } from "./poll-decisions";
import { takeGrant } from "./take-grant";

describe("waiting for a decision", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    world = await approvalWorld(store.db);
  });
  const row = async (id: string) => (await store.db.select().from(approvals).where(eq(approvals.id, id)))[0];
  const held = (changes: Parameters<ApprovalWorld["request"]>[0] = {}) =>
    world.request({ holdState: "held", holdUntil: new Date(Date.now() + 45_000), gatewayId: newId(), ...changes });

  it("is over for a client that went away; the request can still be approved, for a retry", async () => {
    const statementId = newId();
    const id = await held({ statementId });
    expect(await markRetryOnly(world.system, { statements: [statementId] })).toEqual([id]);
    expect(await markRetryOnly(world.system, { statements: [statementId] })).toEqual([]);
    expect(await row(id)).toMatchObject({ state: "pending", holdState: "retry_only" });
    await approve(await world.person("Rita", ["reviewer"]), { id, scope: "once" });
    expect(await takeGrant(world.agent, world.binding())).toMatchObject({ approvalId: id });
    const events = await store.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.objectId, id))
      .orderBy(auditEvents.id);
    expect(events.map((event) => event.action)).toEqual([
      "approval.requested",
      "approval.client_gone",
      "approval.approved",
      "approval.used",
    ]);
  });

  it("is over for all of a session, and for no other", async () => {
    const sessionId = newId();
    const mine = await held({ sessionId, sql: "a" });
    const other = await held({ sessionId: newId(), sql: "b" });
    expect(await markRetryOnly(world.system, { session: sessionId })).toEqual([mine]);
    expect(await row(other)).toMatchObject({ holdState: "held" });
  });

  it("is over when the gateway died, as soon as somebody notices", async () => {
    const gatewayId = await insertGateway(store.db, { heartbeatAt: new Date(Date.now() - 60_000) });
    const id = await held({ gatewayId });
    expect(await markCut(store.db)).toEqual([gatewayId]);
    expect(await row(id)).toMatchObject({ state: "pending", holdState: "retry_only" });
  });

  it("goes on when the identical statement comes again, with what the client does now", async () => {
    const first = newId();
    const id = await held({ statementId: first, purpose: "first" });
    await markRetryOnly(world.system, { statements: [first] });
    const sessionId = newId();
    expect(await held({ sessionId, purpose: "second" })).toBe(id);
    expect(await row(id)).toMatchObject({ holdState: "held", sessionId, purpose: "second" });
  });

  it("is one request for two clients that wait at once, and the first one's context stays", async () => {
    const sessionId = newId();
    const id = await held({ sessionId });
    expect(await held({ sessionId: newId() })).toBe(id);
    expect(await row(id)).toMatchObject({ sessionId });
  });

  it("is one request for fifty identical statements at the same moment", async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => held()));
    expect(new Set(ids).size).toBe(1);
  });

  it("learns of what was settled, in one answer for all held requests", async () => {
    const rita = await world.person("Rita", ["reviewer"]);
    const [approved = "", denied = "", pending = ""] = [
      await held({ sql: "a" }),
      await held({ sql: "b" }),
      await held({ sql: "c" }),
    ];
    await approve(rita, { id: approved, scope: { minutes: 5 } });
    await deny(rita, { id: denied, reason: "not today" });
    const many = Array.from({ length: 1500 }, () => newId());
    const decisions = await pollDecisions(store.db, [approved, ...many, denied, pending]);
    expect(decisions).toMatchObject([
      { id: approved, state: "approved", decidedBy: "Rita", grant: { scope: "minutes", uses: 0 } },
      { id: denied, state: "denied", reason: "not today", grant: null },
    ]);
    expect(await pollDecisions(store.db, [])).toEqual([]);
  });

  it("shows what the gateway finds out later, until it is decided", async () => {
    const id = await held();
    const explain = { ok: true, text: "range scan", estimatedRows: 3 } as const;
    expect(await addFindings(world.system, id, { explain })).toBe(true);
    expect(await row(id)).toMatchObject({ explain });
    const rita = await world.person("Rita", ["reviewer"]);
    await expect(addFindings(rita, id, { explain: null })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await deny(rita, { id, reason: "no" });
    expect(await addFindings(world.system, id, { explain: null })).toBe(false);
  });

  it("keeps the last twenty statements of the transaction", async () => {
    const earlier = Array.from({ length: 30 }, (_, index) => ({ id: newId(), sql: `SELECT ${index}` }));
    const id = await held({ earlier });
    expect((await row(id))?.earlier?.map((one) => one.sql)).toEqual(earlier.slice(10).map((one) => one.sql));
  });
});
