import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { approvals, auditEvents, connections, identities } from "@/lib/db/schema";
import { setOwner } from "@/lib/identities/set-owner";
import { suspend } from "@/lib/identities/suspend";
import { newId } from "@/lib/ids";
import { approve } from "./approve";
import { deny } from "./deny";
import { denyMany } from "./deny-many";
import { expireDue } from "./expire-due";
import { withdraw } from "./withdraw";

const HOUR = 3_600_000;

describe("deciding on a request", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  let rita: Ctx & { id: string };
  let otto: Ctx & { id: string };
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    world = await approvalWorld(store.db);
    rita = await world.person("Rita", ["reviewer"]);
    otto = await world.person("Otto", ["reviewer"]);
  });
  const row = async (id: string) => {
    const [found] = await store.db.select().from(approvals).where(eq(approvals.id, id));
    if (found === undefined) throw new Error("no row");
    return found;
  };
  const actions = async (id: string) =>
    (await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id)).orderBy(auditEvents.id)).map(
      (event) => event.action,
    );
  const once = (ctx: Ctx, id: string, at?: Date) => approve(ctx, { id, scope: "once" }, at);

  it("approves with a note, a grant for once and one audit event", async () => {
    const id = await world.request();
    const result = await approve(rita, { id, scope: "once", note: " fine " });
    expect(result).toMatchObject({ state: "approved", given: 1, required: 1, grant: { scope: "once" } });
    expect(await row(id)).toMatchObject({
      state: "approved",
      pendingKey: null,
      decidedById: rita.id,
      decidedByName: "Rita",
      decisionNote: "fine",
      grantScope: "once",
    });
    expect(await actions(id)).toEqual(["approval.requested", "approval.approved"]);
  });

  it("denies with a reason, which is never empty", async () => {
    const id = await world.request();
    await expect(deny(rita, { id, reason: " " })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await deny(rita, { id, reason: "wrong customer" });
    expect(await row(id)).toMatchObject({ state: "denied", decisionNote: "wrong customer", grantScope: null });
    expect(await actions(id)).toEqual(["approval.requested", "approval.denied"]);
  });

  it.each([
    ["two who approve", (id: string) => [once(rita, id), once(otto, id)]],
    ["one who approves and one who denies", (id: string) => [once(rita, id), deny(otto, { id, reason: "no" })]],
    ["two who deny", (id: string) => [deny(rita, { id, reason: "no" }), deny(otto, { id, reason: "no" })]],
  ])("lets one of %s at once win, and tells the other who did", async (_who, decide) => {
    const id = await world.request();
    const results = await Promise.allSettled(decide(id));
    const lost = results.find((one) => one.status === "rejected");
    expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const winner = (await row(id)).decidedByName ?? "nobody";
    expect(lost?.reason).toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(`^${winner} (approved|denied)`),
    });
    expect(await actions(id)).toHaveLength(2);
  });

  it("refuses every step that the state machine has not", async () => {
    const settle: Record<string, (id: string) => Promise<unknown>> = {
      approved: (id) => once(rita, id),
      denied: (id) => deny(rita, { id, reason: "no" }),
      expired: (id) => expireDue(world.system, new Date(Date.now() + 2 * HOUR)).then(() => id),
      cancelled: async (id) => {
        await once(rita, id);
        await withdraw(rita, { id });
      },
    };
    for (const [state, bring] of Object.entries(settle)) {
      const id = await world.request({ sql: state });
      await bring(id);
      expect((await row(id)).state).toBe(state);
      await expect(once(otto, id), state).rejects.toMatchObject({ code: "CONFLICT" });
      await expect(deny(otto, { id, reason: "no" }), state).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await expireDue(world.system, new Date(Date.now() + 2 * HOUR))).not.toContain(id);
      if (state !== "approved") {
        const admin = await world.person("Ada", ["admin"]);
        await expect(withdraw(admin, { id }), state).rejects.toMatchObject({ code: "CONFLICT" });
      }
      expect((await row(id)).state).toBe(state);
    }
  });

  it("either expires or is approved when both come at the same moment, never both", async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await world.request({ sql: `round ${round}` });
      const end = (await row(id)).expiresAt;
      await Promise.allSettled([once(rita, id, new Date(end.getTime() - 1)), expireDue(world.system, end)]);
      const events = (await actions(id)).slice(1);
      expect([["approval.approved"], ["approval.expired"]]).toContainEqual(events);
    }
  });

  it("does not approve what has expired, also before anybody swept", async () => {
    const id = await world.request();
    await expect(once(rita, id, new Date(Date.now() + 2 * HOUR))).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("expired"),
    });
  });

  it("expires each request once, however many sweep, and only for the system", async () => {
    const id = await world.request();
    const later = new Date(Date.now() + 2 * HOUR);
    const sweeps = await Promise.all([1, 2, 3].map(() => expireDue(world.system, later)));
    expect(sweeps.flat().filter((one) => one === id)).toHaveLength(1);
    await expect(expireDue(rita, later)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  describe("by several people", () => {
    beforeEach(async () => {
      world = await approvalWorld(store.db, { required: 2 });
    });

    it("needs two different people; the same person twice is one", async () => {
      const id = await world.request({ required: 2 });
      expect(await once(rita, id)).toEqual({ state: "pending", given: 1, required: 2 });
      await expect(once(rita, id)).rejects.toMatchObject({ code: "CONFLICT" });
      expect((await row(id)).state).toBe("pending");
      expect(await once(otto, id)).toMatchObject({ state: "approved", given: 2 });
      expect(await actions(id)).toEqual(["approval.requested", "approval.voted", "approval.approved"]);
    });

    it("counts one person once, also when they approve many times at the same moment", async () => {
      const id = await world.request({ required: 2 });
      await Promise.allSettled(Array.from({ length: 8 }, () => once(rita, id)));
      expect((await row(id)).state).toBe("pending");
    });

    it("is approved once when both approve at the same moment", async () => {
      const id = await world.request({ required: 2 });
      const results = await Promise.all([once(rita, id), once(otto, id)]);
      expect(results.map((one) => one.state).sort()).toEqual(["approved", "pending"]);
    });

    it("asks for as many as the connection says now, when that is more than it was", async () => {
      const id = await world.request({ required: 1 });
      expect(await once(rita, id)).toMatchObject({ state: "pending", required: 2 });
    });

    it("is denied by one, also after another has approved", async () => {
      const id = await world.request({ required: 2 });
      await once(rita, id);
      await deny(rita, { id, reason: "on second thoughts" });
      expect((await row(id)).state).toBe("denied");
    });

    it("forgets the approval of somebody who took it back, or was suspended since", async () => {
      const id = await world.request({ required: 2 });
      await once(rita, id);
      expect(await withdraw(rita, { id })).toEqual({ state: "pending" });
      expect(await once(otto, id)).toMatchObject({ state: "pending", given: 1 });
      await suspend(await world.person("Ada", ["admin"]), { id: otto.id, reason: "left" });
      expect(await once(rita, id)).toMatchObject({ state: "pending", given: 1 });
    });

    it("grants only what all of them gave", async () => {
      const id = await world.request({ required: 2 });
      await approve(rita, { id, scope: { minutes: 30 } });
      expect(await approve(otto, { id, scope: "session" })).toMatchObject({ grant: { scope: "once" } });
    });
  });

  describe("is not for", () => {
    const refused = async (ctx: Ctx, id: string) => {
      await expect(once(ctx, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(deny(ctx, { id, reason: "x" })).rejects.toMatchObject({ code: "FORBIDDEN" });
      expect((await row(id)).state).toBe("pending");
    };

    it("administrators, auditors, machines and the system", async () => {
      const id = await world.request();
      for (const role of ["admin", "auditor"] as const) await refused(await world.person(role, [role]), id);
      await refused(world.agent, id);
      await refused(world.system, id);
    });

    it("the person who asked, whatever roles they have; the attempt stays on record", async () => {
      const both = await world.person("Amir", ["admin", "reviewer"]);
      const id = await world.request({ identityId: both.id });
      await refused(both, id);
      const events = await store.db
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.objectId, id), eq(auditEvents.action, "approval.refused")));
      expect(events).toMatchObject([
        { result: "refused", actorName: "Amir" },
        { result: "refused", actorName: "Amir" },
      ]);
      expect(await once(rita, id)).toMatchObject({ state: "approved" });
    });

    it("the owner of the machine that asked: when it asked and now", async () => {
      const ada = await world.person("Ada", ["admin"]);
      await setOwner(ada, { id: world.agentId, ownerId: rita.id });
      const id = await world.request();
      await refused(rita, id);
      await setOwner(ada, { id: world.agentId, ownerId: otto.id });
      await refused(rita, id);
      await refused(otto, id);
    });

    it("reviewers without the connection's group, by the groups of this moment", async () => {
      world = await approvalWorld(store.db, { reviewers: ["dba"] });
      const id = await world.request();
      await refused(rita, id);
      await store.db
        .update(identities)
        .set({ groups: ["dba"] })
        .where(eq(identities.id, rita.id));
      expect(await once(rita, id)).toMatchObject({ state: "approved" });
    });

    it("anybody, once the connection is gone", async () => {
      const id = await world.request();
      await store.db.delete(connections).where(eq(connections.id, world.connectionId));
      await refused(rita, id);
    });
  });

  it("knows no request by an unknown id", async () => {
    const id = newId();
    for (const attempt of [() => once(rita, id), () => deny(rita, { id, reason: "x" }), () => withdraw(rita, { id })]) {
      await expect(attempt()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });

  it("denies many for one reason, and names those that somebody else settled", async () => {
    const ids = [
      await world.request({ sql: "a" }),
      await world.request({ sql: "b" }),
      await world.request({ sql: "c" }),
    ];
    const [first = ""] = ids;
    await once(otto, first);
    const result = await denyMany(rita, { ids, reason: "maintenance" });
    expect(result.denied).toEqual(ids.slice(1));
    expect(result.refused).toMatchObject([{ id: first, message: expect.stringMatching(/^Otto approved/) }]);
  });
});
