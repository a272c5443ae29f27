import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ctxOf, insertGateway, insertSession } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { startConsoleSession } from "@/lib/auth/console-session";
import type { Ctx } from "@/lib/ctx";
import { connections, policies } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { getIdentity, listIdentities } from "./list";
import { signOutEverywhere } from "./sign-out-everywhere";
import { upsertIdentity } from "./upsert";

const ROLE_MAP = { admin: ["ops"], reviewer: [], auditor: [] };

describe("the list of identities", () => {
  let store: TestStore;
  let ctx: Ctx;
  let ada: string;
  let agent: string;
  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "admin");
    const seen = { issuer: "https://idp.example", clientId: null, email: null, groups: [] };
    const person = {
      ...seen,
      subject: "ada",
      kind: "person",
      name: "Ada",
      email: "Ada@Example.com",
      groups: ["ops"],
    } as const;
    const machine = {
      ...seen,
      subject: "m1",
      kind: "machine",
      name: "orders-agent",
      clientId: "orders-agent",
      groups: ["ops"],
    } as const;
    ada = (await upsertIdentity(store.db, person, new Date("2026-11-01T00:00:00Z"))).id;
    agent = (await upsertIdentity(store.db, machine, new Date("2026-11-02T00:00:00Z"))).id;
    const now = new Date();
    const stamp = { createdAt: now, updatedAt: now, updatedBy: "test" };
    const connectionId = newId();
    await store.db.insert(connections).values({
      id: connectionId,
      name: "shop",
      host: "127.0.0.1",
      port: 3306,
      user: "app",
      sealedPassword: "v1.x.y",
      tls: "preferred",
      mode: "enforce",
      limits: {},
      approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [] },
      recording: { results: "full", max_result_bytes: 0, retention_days: 1 },
      catalogue: { refresh_seconds: 30 },
      ...stamp,
    });
    await store.db.insert(policies).values([
      { id: newId(), name: "agents", connectionId, identities: [{ client_id: "orders-agent" }], rules: [], ...stamp },
      { id: newId(), name: "by-mail", connectionId, identities: [{ email: "ada@example.com" }], rules: [], ...stamp },
    ]);
    const live = await insertGateway(store.db);
    const dead = await insertGateway(store.db, { heartbeatAt: new Date(Date.now() - 60_000) });
    await insertSession(store.db, { gatewayId: live, identityId: agent });
    await insertSession(store.db, { gatewayId: live, identityId: agent, endedAt: now, endReason: "client_quit" });
    await insertSession(store.db, { gatewayId: dead, identityId: agent });
  });
  afterAll(() => store.close());

  const names = async (filter: object) =>
    (await listIdentities(ctx, { filter, roleMap: ROLE_MAP })).rows.map((row) => row.displayName);

  it("shows the last seen first, with bindings, live sessions, and console roles for people only", async () => {
    const { rows, more } = await listIdentities(ctx, { filter: {}, roleMap: ROLE_MAP });
    expect(more).toBe(false);
    expect(rows).toMatchObject([
      { displayName: "orders-agent", roles: [], liveSessions: 1, connections: [{ name: "shop", policy: "agents" }] },
      { displayName: "Ada", roles: ["admin"], liveSessions: 0, connections: [{ name: "shop", policy: "by-mail" }] },
    ]);
  });

  it("narrows by kind, status and any of name, e-mail, client id and subject", async () => {
    expect(await names({ kind: "person" })).toEqual(["Ada"]);
    expect(await names({ status: "suspended" })).toEqual([]);
    expect(await names({ q: "EXAMPLE.com" })).toEqual(["Ada"]);
    expect(await names({ q: "m1" })).toEqual(["orders-agent"]);
    expect(await names({ q: "ord%" })).toEqual([]);
  });

  it("tells where a person is signed in to the console, until signed out everywhere", async () => {
    await startConsoleSession(store.db, {
      identityId: ada,
      sessionVersion: 1,
      userAgent: "Firefox",
      sealIdToken: () => null,
    });
    const get = () => getIdentity(ctx, { id: ada, roleMap: ROLE_MAP });
    expect((await get())?.consoleSessions).toMatchObject([{ userAgent: "Firefox" }]);
    await signOutEverywhere(ctx, { id: ada });
    expect((await get())?.consoleSessions).toEqual([]);
  });

  it("knows nobody by an unknown id, and is not for reviewers", async () => {
    expect(await getIdentity(ctx, { id: newId(), roleMap: ROLE_MAP })).toBeNull();
    const reviewer = ctxOf(store.db, "reviewer");
    await expect(listIdentities(reviewer, { filter: {}, roleMap: ROLE_MAP })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});
