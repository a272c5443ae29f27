import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditEvents, gateways, sessions } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { markCut } from "./mark-cut";

describe("gateways that died", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(() => store.close());

  async function gatewayWithSession(secondsSilent: number) {
    const id = newId();
    const at = sql`UTC_TIMESTAMP(3) - INTERVAL ${secondsSilent} SECOND`;
    await store.db
      .insert(gateways)
      .values({ id, hostname: "h", pid: 1, address: `gw-${id}`, version: "v", startedAt: at, heartbeatAt: at });
    const identity = await upsertIdentity(store.db, {
      issuer: "i",
      subject: "s",
      kind: "machine",
      clientId: null,
      email: null,
      name: null,
      groups: null,
    });
    const sessionId = newId();
    await store.db.insert(sessions).values({
      id: sessionId,
      gatewayId: id,
      identityId: identity.id,
      connectionName: "shop",
      wireId: 1,
      clientAddress: "a",
      authMethod: "caching_sha2_password",
      tlsVersion: "TLSv1.3",
      tokenExpiresAt: new Date(),
      startedAt: new Date(Date.now() - 60_000),
    });
    return { id, sessionId };
  }
  const sessionOf = async (id: string) => (await store.db.select().from(sessions).where(eq(sessions.id, id)))[0];

  it("lose their sessions as cut at their last sign of life, with one event", async () => {
    const { id, sessionId } = await gatewayWithSession(30);
    expect(await markCut(store.db)).toEqual([id]);
    const [gateway] = await store.db.select().from(gateways).where(eq(gateways.id, id));
    expect(gateway?.stoppedAt).toEqual(gateway?.heartbeatAt);
    expect(await sessionOf(sessionId)).toMatchObject({ endReason: "cut", endedAt: gateway?.heartbeatAt });
    expect(await store.db.select().from(auditEvents)).toMatchObject([
      { action: "gateway.lost", result: "failed", objectId: id, detail: { cutSessions: 1 } },
    ]);
  });

  it("are marked by one of several that look at the same time", async () => {
    const { id } = await gatewayWithSession(30);
    const marked = await Promise.all([1, 2, 3, 4].map(() => markCut(store.db)));
    expect(marked.flat()).toEqual([id]);
    expect(await store.db.select().from(auditEvents)).toHaveLength(1);
  });

  it("are told from those that are alive, and from those that stopped cleanly", async () => {
    const alive = await gatewayWithSession(1);
    const stopped = await gatewayWithSession(30);
    await store.db.update(gateways).set({ stoppedAt: new Date() }).where(eq(gateways.id, stopped.id));
    expect(await markCut(store.db)).toEqual([]);
    expect(await sessionOf(alive.sessionId)).toMatchObject({ endedAt: null, endReason: null });
  });

  it("keep the end that a session already had", async () => {
    const { sessionId } = await gatewayWithSession(30);
    const endedAt = new Date("2026-01-01T00:00:00.123Z");
    await store.db.update(sessions).set({ endedAt, endReason: "client_quit" });
    await markCut(store.db);
    expect(await sessionOf(sessionId)).toMatchObject({ endedAt, endReason: "client_quit" });
  });
});
