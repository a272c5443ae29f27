import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, consoleSessions } from "@/lib/db/schema";
import { reactivate } from "@/lib/identities/reactivate";
import { signOutEverywhere } from "@/lib/identities/sign-out-everywhere";
import { suspend } from "@/lib/identities/suspend";
import { endConsoleSession, IDLE_SECONDS, readConsoleSession, SESSION_SECONDS } from "./console-session";
import { signIn } from "./sign-in";

const ROLE_MAP = { admin: ["admins"], reviewer: ["dba"], auditor: [] };

describe("signing in to the console", () => {
  let store: TestStore;
  let system: Ctx;
  beforeAll(async () => {
    store = await createTestStore();
    system = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db };
  });
  afterAll(() => store.close());

  const come = (claims: Record<string, unknown>) =>
    signIn(store.db, {
      issuer: "https://idp.example.com",
      claims,
      groupsClaim: "groups",
      roleMap: ROLE_MAP,
      address: "192.0.2.7",
      userAgent: "test browser",
      sealIdToken: (id) => `sealed for ${id}`,
    });
  const signedIn = async (claims: Record<string, unknown>) => {
    const result = await come(claims);
    if (!result.ok) throw new Error(`refused: ${result.why}`);
    return result;
  };
  const read = (cookie: { identityId: string; sessionId: string }, now?: Date) =>
    readConsoleSession(store.db, cookie, ROLE_MAP, now ? { now } : {});
  const events = (actorId: string) => store.db.select().from(auditEvents).where(eq(auditEvents.actorId, actorId));

  it("gives the roles of the person's groups and writes down who came from where", async () => {
    const session = await signedIn({ sub: "ada", name: "Ada", groups: ["admins", "dba"] });
    const result = await read(session);
    expect(result).toMatchObject({ ok: true, session: { roles: ["admin", "reviewer"], identity: { name: "Ada" } } });
    expect(await events(session.identityId)).toMatchObject([
      { action: "console.signed_in", result: "ok", address: "192.0.2.7" },
    ]);
  });

  it("lets someone without a role in to see nothing, and writes it down as refused", async () => {
    const session = await signedIn({ sub: "nils", name: "Nils", groups: ["engineering"] });
    expect(await read(session)).toMatchObject({ ok: true, session: { roles: [] } });
    expect(await events(session.identityId)).toMatchObject([
      { action: "console.refused", result: "refused", code: "FORBIDDEN", detail: { groups: ["engineering"] } },
    ]);
  });

  it("takes groups away when the provider no longer sends any", async () => {
    await signedIn({ sub: "kim", name: "Kim", groups: ["admins"] });
    const session = await signedIn({ sub: "kim", name: "Kim" });
    expect(await read(session)).toMatchObject({ ok: true, session: { roles: [] } });
  });

  it("fails closed when the provider left the groups out for being too many", async () => {
    const result = await come({ sub: "big", name: "Big", _claim_names: { groups: "src1" } });
    expect(result).toEqual({ ok: false, why: "groups" });
    const [event] = await store.db.select().from(auditEvents).where(eq(auditEvents.action, "console.refused")).limit(1);
    expect(event?.result).toBe("refused");
  });

  it("ends a session at once when the identity is suspended, and lets it sign in again after reactivation only", async () => {
    const claims = { sub: "eve", name: "Eve", groups: ["admins"] };
    const session = await signedIn(claims);
    await suspend(system, { id: session.identityId, reason: "test" });
    expect(await read(session)).toEqual({ ok: false, why: "suspended" });
    expect(await come(claims)).toEqual({ ok: false, why: "suspended" });
    await reactivate(system, { id: session.identityId, reason: "test" });
    expect(await come(claims)).toMatchObject({ ok: true });
  });

  it("ends older sessions when the person is signed out everywhere, and not newer ones", async () => {
    const claims = { sub: "pat", name: "Pat", groups: ["admins"] };
    const older = await signedIn(claims);
    await signOutEverywhere(system, { id: older.identityId });
    expect(await read(older)).toEqual({ ok: false, why: "signed-out-everywhere" });
    expect(await read(await signedIn(claims))).toMatchObject({ ok: true });
  });

  it("ends a session when signed out, gives its ID token back once, and keeps no copy", async () => {
    const session = await signedIn({ sub: "out", name: "Out", groups: ["admins"] });
    expect(await endConsoleSession(store.db, session.sessionId)).toBe(`sealed for ${session.sessionId}`);
    expect(await read(session)).toEqual({ ok: false, why: "revoked" });
    expect(await endConsoleSession(store.db, session.sessionId)).toBeNull();
    const [row] = await store.db.select().from(consoleSessions).where(eq(consoleSessions.id, session.sessionId));
    expect(row?.sealedIdToken).toBeNull();
  });

  it("ends a session after two idle hours, but not while it is used, and after twelve hours in any case", async () => {
    const session = await signedIn({ sub: "slow", name: "Slow", groups: ["admins"] });
    const start = Date.now();
    const later = (seconds: number) => new Date(start + seconds * 1000);
    expect(await read(session, later(IDLE_SECONDS - 60))).toMatchObject({ ok: true });
    expect(await read(session, later(2 * IDLE_SECONDS - 120))).toMatchObject({ ok: true });
    expect(await read(session, later(4 * IDLE_SECONDS))).toEqual({ ok: false, why: "idle" });
    expect(await read(session, later(SESSION_SECONDS + 60))).toEqual({ ok: false, why: "expired" });
  });

  it("does not count reads for the event stream as activity", async () => {
    const session = await signedIn({ sub: "tab", name: "Tab", groups: ["admins"] });
    const nearly = new Date(Date.now() + (IDLE_SECONDS - 60) * 1000);
    await readConsoleSession(store.db, session, ROLE_MAP, { now: nearly, touch: false });
    const idle = new Date(Date.now() + (IDLE_SECONDS + 60) * 1000);
    expect(await read(session, idle)).toEqual({ ok: false, why: "idle" });
  });

  it("knows no session under another identity's id", async () => {
    const one = await signedIn({ sub: "one", name: "One", groups: ["admins"] });
    const two = await signedIn({ sub: "two", name: "Two", groups: [] });
    expect(await read({ identityId: two.identityId, sessionId: one.sessionId })).toEqual({ ok: false, why: "unknown" });
  });
});
