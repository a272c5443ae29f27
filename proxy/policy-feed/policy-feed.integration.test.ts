import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import { removeConnection } from "@/lib/connections/remove-connection";
import { rotateCredential } from "@/lib/connections/rotate-credential";
import { updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { gateways, sessions } from "@/lib/db/schema";
import { reactivate } from "@/lib/identities/reactivate";
import { suspend } from "@/lib/identities/suspend";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { createPolicy } from "@/lib/policy/create-policy";
import { updatePolicy } from "@/lib/policy/update-policy";
import { requestKill, requestOwnKill } from "@/lib/sessions/request-kill";
import { upstreamKey } from "../login/login";
import type { LiveSession } from "../session/registry";
import { runKillRequests } from "./kill-requests";
import { PolicyFeed } from "./policy-feed";
import { Revoker } from "./revoke";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

/** The promise is one second; the rest is for a busy machine. */
const WITHIN = { timeout: 3_000, interval: 10 };
const log = pino({ level: "silent" });

type FakeSession = Pick<
  LiveSession,
  "id" | "wireId" | "identityId" | "connectionId" | "facts" | "terminate" | "killStatement"
> & { ended: string | null; interrupted: number };

describe("the policy feed", () => {
  let store: TestStore;
  let feed: PolicyFeed;
  let live: FakeSession[];
  let gatewayId: string;
  let identityId: string;
  let shop: { id: string; name: string };
  let policyId: string;
  const ctx = (): Ctx => ({ actor: { kind: "system", name: "test" }, requestId: "r", db: store.db });

  beforeEach(async () => {
    store = await createTestStore();
    live = [];
    gatewayId = newId();
    const now = new Date();
    await store.db.insert(gateways).values({
      id: gatewayId,
      hostname: "h",
      pid: 1,
      address: "a",
      version: "v",
      startedAt: now,
      heartbeatAt: now,
    });
    const seen = {
      issuer: "i",
      subject: "s",
      kind: "machine",
      clientId: "agent",
      email: null,
      name: "agent",
      groups: [],
    } as const;
    identityId = (await upsertIdentity(store.db, seen)).id;
    shop = await createConnection(ctx(), { name: "shop", host: "db", user: "app", password: "p" });
    policyId = (await createPolicy(ctx(), { name: "p", connectionId: shop.id, identities: [{ client_id: "agent" }] }))
      .id;
    const revoker = new Revoker();
    feed = new PolicyFeed({
      db: store.db,
      log,
      onPoll: async (snapshot, changed) => {
        revoker.check(
          live.filter((one) => one.ended === null),
          snapshot,
        );
        if (changed) {
          const find = (wireId: number) => live.find((one) => one.wireId === wireId) ?? null;
          await runKillRequests(store.db, gatewayId, find, () => undefined);
        }
      },
    });
    await feed.start();
  });
  afterEach(async () => {
    await feed.stop();
    await store.close();
  });

  /** A session as the wire side would have it, and its row as the recorder would write it. */
  async function openSession(wireId = 7): Promise<FakeSession> {
    const connection = feed.snapshot?.byName.get("shop");
    const session: FakeSession = {
      id: newId(),
      wireId,
      identityId,
      connectionId: shop.id,
      facts: {
        clientId: "agent",
        subject: "s",
        groups: [],
        email: null,
        upstreamKey: connection === undefined ? "" : upstreamKey(connection),
      },
      ended: null,
      interrupted: 0,
      terminate(reason) {
        this.ended ??= reason;
      },
      async killStatement() {
        this.interrupted += 1;
      },
    };
    const now = new Date();
    await store.db.insert(sessions).values({
      id: session.id,
      gatewayId,
      identityId,
      connectionId: shop.id,
      connectionName: "shop",
      wireId,
      clientAddress: "127.0.0.1",
      authMethod: "caching_sha2_password",
      tlsVersion: "TLSv1.3",
      tokenExpiresAt: now,
      startedAt: now,
    });
    live.push(session);
    return session;
  }

  it("has a published policy in force within a second", async () => {
    const before = feed.snapshot;
    await createPolicy(ctx(), { name: "q", connectionId: shop.id, identities: [{ group: "dba" }] });
    await vi.waitFor(
      () => expect(feed.snapshot?.byName.get("shop")?.bindings).toContainEqual({ group: "dba" }),
      WITHIN,
    );
    expect(before?.byName.get("shop")?.bindings).toEqual([{ client_id: "agent" }]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["its identity is suspended", () => suspend(ctx(), { id: identityId, reason: "leaked token" })],
    [
      "its binding goes",
      () => updatePolicy(ctx(), { id: policyId, version: 1, name: "p", identities: [{ group: "x" }] }),
    ],
    ["its connection is deleted", () => removeConnection(ctx(), { id: shop.id, typedName: "shop" })],
    [
      "its connection leads elsewhere",
      () =>
        updateConnection(ctx(), {
          id: shop.id,
          version: 1,
          password: "p",
          fields: { name: "shop", host: "db2", port: 3306, user: "app", tls: "preferred", limits: {} },
        }),
    ],
  ])("ends a session within a second when %s", async (_why, change) => {
    const session = await openSession();
    await change();
    await vi.waitFor(() => expect(session.ended).toBe("revoked"), WITHIN);
  });

  it("leaves a session alone when only the password or the limits change", async () => {
    const session = await openSession();
    const version = feed.snapshot?.version ?? 0;
    await rotateCredential(ctx(), { id: shop.id, password: "new" });
    await updateConnection(ctx(), {
      id: shop.id,
      version: 2,
      fields: { name: "shop", host: "db", port: 3306, user: "app", tls: "preferred", limits: { max_rows: 5 } },
    });
    await vi.waitFor(() => expect(feed.snapshot?.version).toBe(version + 2), WITHIN);
    expect(session.ended).toBeNull();
  });

  it("ends a session that logged in under the old configuration and appears after the new one was loaded", async () => {
    await suspend(ctx(), { id: identityId, reason: "x" });
    await vi.waitFor(() => expect(feed.snapshot?.suspended.has(identityId)).toBe(true), WITHIN);
    const late = await openSession();
    await vi.waitFor(() => expect(late.ended).toBe("revoked"), WITHIN);
  });

  it("lets a reactivated identity back in", async () => {
    await suspend(ctx(), { id: identityId, reason: "x" });
    await vi.waitFor(() => expect(feed.snapshot?.suspended.size).toBe(1), WITHIN);
    await reactivate(ctx(), { id: identityId, reason: "y" });
    await vi.waitFor(() => expect(feed.snapshot?.suspended.size).toBe(0), WITHIN);
  });

  it("kills the session that the console asked for, and no other", async () => {
    const [one, other] = [await openSession(1), await openSession(2)];
    await requestKill(ctx(), { id: one.id });
    await vi.waitFor(() => expect(one.ended).toBe("killed"), WITHIN);
    expect(other.ended).toBeNull();
  });

  it("interrupts a statement once, however often the configuration changes afterwards", async () => {
    const session = await openSession();
    expect(await requestOwnKill(ctx(), identityId, 7, true)).toBe(true);
    await vi.waitFor(() => expect(session.interrupted).toBe(1), WITHIN);
    const version = feed.snapshot?.version ?? 0;
    await createPolicy(ctx(), { name: "q", connectionId: shop.id, identities: [] });
    await vi.waitFor(() => expect(feed.snapshot?.version).toBeGreaterThan(version), WITHIN);
    expect(session).toMatchObject({ interrupted: 1, ended: null });
  });

  it("lets nobody kill the session of another identity", async () => {
    const session = await openSession();
    expect(await requestOwnKill(ctx(), newId(), 7, false)).toBe(false);
    expect(await requestOwnKill(ctx(), identityId, 8, false)).toBe(false);
    expect(session.ended).toBeNull();
  });

  it("refuses to kill a session that has ended, or that is not there", async () => {
    const session = await openSession();
    await store.db.update(sessions).set({ endedAt: new Date(), endReason: "client_quit" });
    await expect(requestKill(ctx(), { id: session.id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(requestKill(ctx(), { id: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
