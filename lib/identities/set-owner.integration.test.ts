import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, identities } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { setOwner } from "./set-owner";

describe("the owner of a machine", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  let ada: Ctx & { id: string };
  let rita: Ctx & { id: string };
  beforeAll(async () => {
    store = await createTestStore();
    world = await approvalWorld(store.db);
    ada = await world.person("Ada", ["admin"]);
    rita = await world.person("Rita", ["reviewer"]);
  });
  afterAll(() => store.close());
  const owner = async () =>
    (await store.db.select().from(identities).where(eq(identities.id, world.agentId)))[0]?.ownerId;

  it("is set and taken away by an administrator, with an event when it changes", async () => {
    await setOwner(ada, { id: world.agentId, ownerId: rita.id });
    await setOwner(ada, { id: world.agentId, ownerId: rita.id });
    expect(await owner()).toBe(rita.id);
    await setOwner(ada, { id: world.agentId, ownerId: null });
    expect(await owner()).toBeNull();
    const events = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, world.agentId));
    expect(events).toMatchObject([
      { action: "identity.owner_changed", detail: { before: null, after: rita.id, ownerName: "Rita" } },
      { action: "identity.owner_changed", detail: { before: rita.id, after: null } },
    ]);
  });

  it("cannot hand the machine over alone", async () => {
    await setOwner(ada, { id: world.agentId, ownerId: ada.id });
    await expect(setOwner(ada, { id: world.agentId, ownerId: null })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await owner()).toBe(ada.id);
  });

  it("is a known person, of a known machine, and set by nobody else", async () => {
    const set = (ctx: Ctx, id: string, ownerId: string | null) => setOwner(ctx, { id, ownerId });
    await expect(set(rita, world.agentId, rita.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const other = await world.person("Olga", ["admin"]);
    await expect(set(other, world.agentId, newId())).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(set(other, world.agentId, world.agentId)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(set(other, rita.id, ada.id)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(set(other, newId(), ada.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
