import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ctxOf, insertGateway, insertIdentity, insertSession } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditEvents, sessions } from "@/lib/db/schema";
import { FOLLOW_SECONDS, followSession } from "./follow";

describe("following a live session", () => {
  let store: TestStore;
  let id: string;
  beforeEach(async () => {
    store = await createTestStore();
    const gatewayId = await insertGateway(store.db);
    id = await insertSession(store.db, { gatewayId, identityId: await insertIdentity(store.db, "agent") });
  });
  afterEach(() => store.close());

  const told = async () => (await store.db.select().from(auditEvents)).map((row) => [row.action, row.actorId]);
  const idOf = (ctx: ReturnType<typeof ctxOf>) => (ctx.actor.kind === "system" ? null : ctx.actor.id);

  it("asks for its frames for fifteen seconds, and is told of once per person however often it is renewed", async () => {
    const [one, other] = [ctxOf(store.db, "auditor"), ctxOf(store.db, "reviewer")];
    const before = Date.now();
    await Promise.all([1, 2, 3].map(() => followSession(one, { id })));
    await followSession(other, { id });
    const [row] = await store.db.select().from(sessions).where(eq(sessions.id, id));
    expect(Math.abs((row?.followedUntil?.getTime() ?? 0) - before - FOLLOW_SECONDS * 1000)).toBeLessThan(10_000);
    expect(await told()).toEqual([
      ["session.followed", idOf(one)],
      ["session.followed", idOf(other)],
    ]);
  });

  it("is no use once it has ended", async () => {
    await store.db.update(sessions).set({ endedAt: new Date(), endReason: "client_quit" });
    await expect(followSession(ctxOf(store.db, "admin"), { id })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await told()).toEqual([]);
  });

  it("is for people who may see recordings", async () => {
    await expect(followSession(ctxOf(store.db), { id })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
