import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Actor, Ctx } from "@/lib/ctx";
import { auditEvents, gatewayFeed, identities } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { reactivate } from "./reactivate";
import { signOutEverywhere } from "./sign-out-everywhere";
import { suspend } from "./suspend";
import { type SeenIdentity, upsertIdentity } from "./upsert";

const SEEN: SeenIdentity = {
  issuer: "https://idp.example",
  subject: "u-1",
  kind: "person",
  clientId: "cli",
  email: "ann@example.com",
  name: "Ann",
  groups: ["support"],
};

describe("identities", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(() => store.close());
  const person = (roles: ("admin" | "auditor")[], id = newId()): Actor => ({
    kind: "person",
    id,
    name: "Boss",
    roles,
    address: null,
  });
  const ctx = (actor: Actor = person(["admin"])): Ctx => ({ actor, requestId: "r", db: store.db });
  const version = async () => (await store.db.select().from(gatewayFeed))[0]?.version;

  it("are one row however many logins come at the same time", async () => {
    const rows = await Promise.all(Array.from({ length: 10 }, () => upsertIdentity(store.db, SEEN)));
    expect(new Set(rows.map((row) => row.id)).size).toBe(1);
    expect(await store.db.select().from(identities)).toHaveLength(1);
  });

  it("are told apart by issuer and by the subject's exact letters", async () => {
    const ids = [SEEN, { ...SEEN, issuer: "https://other" }, { ...SEEN, subject: "U-1" }].map(
      async (one) => (await upsertIdentity(store.db, one)).id,
    );
    expect(new Set(await Promise.all(ids)).size).toBe(3);
  });

  it("take the newest facts, keep what a token does not say, and are never seen earlier than before", async () => {
    const first = await upsertIdentity(store.db, SEEN, new Date("2026-05-01T00:00:00Z"));
    const silent = { ...SEEN, clientId: null, email: null, name: null, groups: null };
    const second = await upsertIdentity(store.db, silent, new Date("2026-04-01T00:00:00Z"));
    expect(second).toEqual(first);
    const third = await upsertIdentity(
      store.db,
      { ...SEEN, groups: [], name: "Ann B." },
      new Date("2026-06-01T00:00:00Z"),
    );
    expect(third).toMatchObject({ id: first.id, groups: [], displayName: "Ann B.", firstSeenAt: first.firstSeenAt });
    expect(third.lastSeenAt).toEqual(new Date("2026-06-01T00:00:00Z"));
  });

  it("stay suspended when they are seen again", async () => {
    const { id } = await upsertIdentity(store.db, SEEN);
    await suspend(ctx(), { id, reason: "leaked" });
    expect(await upsertIdentity(store.db, SEEN)).toMatchObject({ status: "suspended" });
  });

  it("are suspended and reactivated with who, why and an event, and the gateways are told", async () => {
    const { id } = await upsertIdentity(store.db, SEEN);
    await suspend(ctx(), { id, reason: " leaked " });
    expect((await store.db.select().from(identities))[0]).toMatchObject({
      status: "suspended",
      statusReason: "leaked",
      statusChangedBy: "Boss",
    });
    await reactivate(ctx(), { id, reason: "new secret" });
    expect((await store.db.select().from(identities))[0]?.status).toBe("active");
    expect(await store.db.select().from(auditEvents).orderBy(auditEvents.id)).toMatchObject([
      { action: "identity.suspended", objectId: id, message: "leaked" },
      { action: "identity.reactivated", objectId: id, message: "new secret" },
    ]);
    expect(await version()).toBe(2);
  });

  it("are suspended once when two admins do it at the same time", async () => {
    const { id } = await upsertIdentity(store.db, SEEN);
    const both = await Promise.allSettled([1, 2].map(() => suspend(ctx(), { id, reason: "x" })));
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await store.db.select().from(auditEvents)).toHaveLength(1);
  });

  it("are not suspended by an auditor, by themselves, without a reason, or when they are not there", async () => {
    const { id } = await upsertIdentity(store.db, SEEN);
    const attempt = (actor: Actor, input: { id: string; reason: string }) => suspend(ctx(actor), input);
    await expect(attempt(person(["auditor"]), { id, reason: "x" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(attempt(person(["admin"], id), { id, reason: "x" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(attempt(person(["admin"]), { id, reason: " " })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(attempt(person(["admin"]), { id: newId(), reason: "x" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await store.db.select().from(auditEvents)).toEqual([]);
  });

  it("are signed out everywhere by an admin or by themselves, by nobody else", async () => {
    const { id } = await upsertIdentity(store.db, SEEN);
    await signOutEverywhere(ctx(person([], id)), { id });
    await signOutEverywhere(ctx(), { id });
    await expect(signOutEverywhere(ctx(person(["auditor"])), { id })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await store.db.select().from(identities))[0]?.sessionVersion).toBe(3);
  });
});
