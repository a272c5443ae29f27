import { eq, sql } from "drizzle-orm";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditEvents, gateways, sessions } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { markCut } from "@/lib/sessions/mark-cut";
import { Presence } from "./presence";

const WAIT = { timeout: 5_000, interval: 20 };

describe("a gateway's row in the store", () => {
  let store: TestStore;
  let gatewayId: string;
  let live: string[];
  let presence: Presence;
  beforeEach(async () => {
    store = await createTestStore();
    gatewayId = newId();
    live = [];
    presence = new Presence({
      db: store.db,
      gatewayId,
      address: "127.0.0.1:3307",
      version: "0.1.0",
      log: pino({ level: "silent" }),
      liveSessionIds: () => live,
      heartbeatMs: 20,
    });
    await presence.start();
  });
  afterEach(() => store.close());

  const row = async () => (await store.db.select().from(gateways).where(eq(gateways.id, gatewayId)))[0];
  const actions = async () => (await store.db.select().from(auditEvents)).map((one) => one.action);
  const fallSilent = () => store.db.update(gateways).set({ heartbeatAt: sql`UTC_TIMESTAMP(3) - INTERVAL 60 SECOND` });

  it("is renewed while it runs and closed at its end", async () => {
    await fallSilent();
    await vi.waitFor(
      async () => expect((await row())?.heartbeatAt.getTime()).toBeGreaterThan(Date.now() - 10_000),
      WAIT,
    );
    await presence.stop();
    expect((await row())?.stoppedAt).not.toBeNull();
    expect(await actions()).toEqual(["gateway.started", "gateway.stopped"]);
  });

  it("comes back with its live sessions after others had given it up", async () => {
    const identity = await upsertIdentity(store.db, {
      issuer: "i",
      subject: "s",
      kind: "machine",
      clientId: null,
      email: null,
      name: null,
      groups: null,
    });
    const [alive, gone] = [newId(), newId()];
    for (const id of [alive, gone]) {
      await store.db.insert(sessions).values({
        id,
        gatewayId,
        identityId: identity.id,
        connectionName: "shop",
        wireId: 1,
        clientAddress: "a",
        authMethod: "caching_sha2_password",
        tlsVersion: "TLSv1.3",
        tokenExpiresAt: new Date(),
        startedAt: new Date(),
      });
    }
    live = [alive];
    await vi.waitFor(async () => {
      await fallSilent();
      expect(await markCut(store.db)).toEqual([gatewayId]);
    }, WAIT);
    await vi.waitFor(async () => expect((await row())?.stoppedAt).toBeNull(), WAIT);
    const found = await store.db.select().from(sessions).orderBy(sessions.id);
    expect(found).toMatchObject([
      { id: alive, endedAt: null, endReason: null },
      { id: gone, endReason: "cut" },
    ]);
    await presence.stop();
  });

  it("gives up, at its own start, gateways that died before", async () => {
    const dead = newId();
    const at = sql`UTC_TIMESTAMP(3) - INTERVAL 60 SECOND`;
    await store.db
      .insert(gateways)
      .values({ id: dead, hostname: "h", pid: 1, address: "x", version: "v", startedAt: at, heartbeatAt: at });
    const next = new Presence({
      db: store.db,
      gatewayId: newId(),
      address: "y",
      version: "v",
      log: pino({ level: "silent" }),
      liveSessionIds: () => [],
    });
    await next.start();
    const [given] = await store.db.select().from(gateways).where(eq(gateways.id, dead));
    expect(given?.stoppedAt).not.toBeNull();
    await next.stop();
    await presence.stop();
  });
});
