import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { removeConnection } from "@/lib/connections/remove-connection";
import { updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { openStore } from "@/lib/db/client";
import { approvals, auditEvents, connections } from "@/lib/db/schema";
import { reactivate } from "@/lib/identities/reactivate";
import { suspend } from "@/lib/identities/suspend";
import { newId } from "@/lib/ids";
import { approve } from "./approve";
import { cancelForSession } from "./cancel";
import { takeGrant } from "./take-grant";
import { withdraw } from "./withdraw";

const MINUTE = 60_000;

describe("grants", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  let rita: Ctx & { id: string };
  let ada: Ctx & { id: string };
  beforeAll(async () => {
    vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));
    store = await createTestStore();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await store.close();
  });
  beforeEach(async () => {
    world = await approvalWorld(store.db);
    rita = await world.person("Rita", ["reviewer"]);
    ada = await world.person("Ada", ["admin"]);
  });
  const granted = async (scope: Parameters<typeof approve>[1]["scope"], at?: Date) => {
    const id = await world.request({}, at);
    await approve(rita, { id, scope }, at);
    return id;
  };
  const take = (changes: Parameters<ApprovalWorld["binding"]>[0] = {}, at?: Date) =>
    takeGrant(world.agent, world.binding(changes), at);

  it("for once let exactly one of fifty parallel retries at three gateways run", async () => {
    const id = await granted("once");
    const gateways = [1, 2, 3].map(() => openStore(store.url));
    const takes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        takeGrant({ ...world.agent, db: gateways[index % 3]?.db ?? store.db }, world.binding()),
      ),
    );
    await Promise.all(gateways.map((gateway) => gateway.close()));
    expect(takes.filter((one) => one !== null)).toMatchObject([
      { approvalId: id, scope: "once", uses: 1, approvedBy: "Rita" },
    ]);
    const used = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id));
    expect(used.filter((event) => event.action === "approval.used")).toHaveLength(1);
  });

  it("do not exist before the approval", async () => {
    await world.request();
    expect(await take()).toBeNull();
  });

  it.each([
    ["literal", { sql: "UPDATE orders SET status = 'refunded' WHERE id = 8" }],
    ["parameter", { parameters: [{ kind: "number", text: "1", form: "integer" }] }],
    ["schema", { defaultSchema: "other" }],
    ["sql_mode", { sessionFingerprint: "ANSI;utf8mb4" }],
    ["identity", { identityId: newId() }],
    ["connection", { connectionId: newId() }],
  ])("for once do not cover another %s", async (_what, change) => {
    await granted("once");
    expect(await take(change)).toBeNull();
    expect(await take()).not.toBeNull();
  });

  it("for once are good from any session: a retry comes on a new one", async () => {
    await granted("once");
    expect(await take({ sessionId: newId() })).not.toBeNull();
  });

  it("for a session cover its template with any values, counted, and no other session", async () => {
    await granted("session");
    const other = { sql: "UPDATE orders SET status = 'refunded' WHERE id = 8" };
    const takes = await Promise.all(Array.from({ length: 10 }, () => take(other)));
    expect(takes.map((one) => one?.uses).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(await take({ ...other, sessionId: newId() })).toBeNull();
    expect(await take({ templateHash: "b".repeat(64) })).toBeNull();
    expect(await take({ defaultSchema: "other" })).toBeNull();
  });

  it("for minutes cover every session of the identity, until their end", async () => {
    const at = new Date();
    await granted({ minutes: 10 }, at);
    const later = (minutes: number) => new Date(at.getTime() + minutes * MINUTE);
    expect(await take({ sessionId: newId() }, later(9))).toMatchObject({ scope: "minutes", until: later(10) });
    expect(await take({ identityId: newId() }, later(9))).toBeNull();
    expect(await take({}, later(10))).toBeNull();
  });

  it("for once end when the request would have", async () => {
    const at = new Date();
    await granted("once", at);
    expect(await take({}, new Date(at.getTime() + 60 * MINUTE))).toBeNull();
  });

  it("are taken back by who approved, or an administrator, and by nobody else", async () => {
    const otto = await world.person("Otto", ["reviewer"]);
    const auditor = await world.person("Nils", ["auditor"]);
    for (const who of [rita, ada]) {
      const id = await granted("once");
      await expect(withdraw(otto, { id })).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(withdraw(auditor, { id })).rejects.toMatchObject({ code: "FORBIDDEN" });
      expect(await withdraw(who, { id, reason: "mistake" })).toEqual({ state: "cancelled" });
      expect(await take()).toBeNull();
    }
  });

  it("that are not complete are not an administrator's to take back: that would be a denial", async () => {
    const id = await world.request();
    await expect(withdraw(ada, { id })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("are either used or taken back when both come at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await granted("once");
      const [taken, withdrawn] = await Promise.allSettled([take(), withdraw(rita, { id })]);
      const used = taken.status === "fulfilled" && taken.value !== null;
      expect(used).toBe(withdrawn.status === "rejected");
      const [row] = await store.db.select().from(approvals).where(eq(approvals.id, id));
      expect(row).toMatchObject(used ? { state: "approved", grantUses: 1 } : { state: "cancelled", grantUses: 0 });
    }
  });

  it("that were used can not be taken back", async () => {
    const id = await granted("once");
    await take();
    await expect(withdraw(rita, { id })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("used"),
    });
  });

  it("for a session can be taken back after some uses", async () => {
    const id = await granted("session");
    await take();
    await withdraw(rita, { id });
    expect(await take()).toBeNull();
  });

  it("end with the suspension of their identity, and do not come back with it; open requests too", async () => {
    await granted({ minutes: 10 });
    const open = await world.request({ sql: "open" });
    await suspend(ada, { id: world.agentId, reason: "leaked" });
    expect(await take()).toBeNull();
    await reactivate(ada, { id: world.agentId, reason: "new secret" });
    expect(await take()).toBeNull();
    const [row] = await store.db.select().from(approvals).where(eq(approvals.id, open));
    expect(row).toMatchObject({ state: "cancelled", decidedByName: "Ada" });
  });

  it("end when their connection leads to another server, not when its limits change", async () => {
    const id = await granted({ minutes: 10 });
    const fields = { name: "moved", host: "127.0.0.1", port: 3306, user: "app", tls: "preferred", limits: {} } as const;
    const change = (version: number, now: object) =>
      updateConnection(ada, { id: world.connectionId, version, fields: { ...fields, ...now }, password: "x" });
    await change(1, { limits: { max_rows: 5 } });
    expect(await take()).toMatchObject({ approvalId: id });
    await change(2, { port: 3307 });
    expect(await take()).toBeNull();
  });

  it("end with their connection", async () => {
    const id = await granted({ minutes: 10 });
    const [connection] = await store.db.select().from(connections).where(eq(connections.id, world.connectionId));
    await removeConnection(ada, { id: world.connectionId, typedName: connection?.name ?? "" });
    expect(await take()).toBeNull();
    expect((await store.db.select().from(approvals).where(eq(approvals.id, id)))[0]?.state).toBe("cancelled");
  });

  it("and open requests end with a session that somebody killed, used ones stay as they are", async () => {
    const used = await granted("once");
    await take();
    const open = await world.request({ sql: "open" });
    const { sessionId } = world.binding();
    expect(await cancelForSession(world.system, sessionId, "Session killed by Ada")).toEqual([open]);
    expect((await store.db.select().from(approvals).where(eq(approvals.id, used)))[0]?.state).toBe("approved");
  });
});
