import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Actor, Ctx } from "@/lib/ctx";
import {
  auditEvents,
  connections,
  gatewayFeed,
  gateways,
  identities,
  policies,
  revisions,
  sessions,
} from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { createPolicy } from "@/lib/policy/create-policy";
import { listPolicies } from "@/lib/policy/list-policies";
import { removePolicy } from "@/lib/policy/remove-policy";
import { suggestBindings } from "@/lib/policy/suggest-bindings";
import { updatePolicy } from "@/lib/policy/update-policy";
import { createConnection } from "./create-connection";
import { openCredential } from "./credential";
import { getConnection } from "./get-connection";
import type { NewConnection } from "./input";
import { listConnections } from "./list-connections";
import { connectionActivity } from "./recent-activity";
import { removeConnection } from "./remove-connection";
import { rotateCredential } from "./rotate-credential";
import { editableOf, updateConnection } from "./update-connection";
import { watchLogins } from "./watch-logins";

const SECRET = "upstream-Pw-4711";
const person = (name: string, roles: Extract<Actor, { kind: "person" }>["roles"]): Actor => ({
  kind: "person",
  id: newId(),
  name,
  roles,
  address: "127.0.0.1",
});

describe("connections and who may use them", () => {
  let store: TestStore;
  let rita: Ctx;
  let otto: Ctx;
  let auditor: Ctx;
  let count = 0;

  beforeAll(async () => {
    vi.stubEnv("SALLYPORT_MASTER_KEY", randomBytes(32).toString("base64"));
    store = await createTestStore();
    rita = { actor: person("Rita", ["admin"]), requestId: "r1", db: store.db };
    otto = { actor: person("Otto", ["admin"]), requestId: "r2", db: store.db };
    auditor = { actor: person("Ada", ["auditor", "reviewer"]), requestId: "r3", db: store.db };
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await store.close();
  });

  const fresh = (over: Partial<NewConnection> = {}): NewConnection => ({
    name: `c${++count}`,
    host: "127.0.0.1",
    port: 3316,
    user: "app",
    password: SECRET,
    ...over,
  });
  const feed = async () => (await store.db.select().from(gatewayFeed))[0]?.version ?? 0;
  const stored = async (id: string) => (await store.db.select().from(connections).where(eq(connections.id, id)))[0];

  async function openSession(connectionId: string, connectionName: string, identityId = newId()) {
    const now = new Date();
    const gatewayId = newId();
    await store.db.insert(gateways).values({
      id: gatewayId,
      hostname: "h",
      pid: 1,
      address: "127.0.0.1:3307",
      version: "t",
      startedAt: now,
      heartbeatAt: now,
    });
    await store.db.insert(identities).values({
      id: identityId,
      issuer: "i",
      subject: identityId,
      kind: "machine",
      clientId: `agent-${identityId}`,
      displayName: "orders-agent",
      groups: ["support"],
      firstSeenAt: now,
      lastSeenAt: now,
    });
    const id = newId();
    await store.db.insert(sessions).values({
      id,
      gatewayId,
      identityId,
      connectionId,
      connectionName,
      wireId: 1,
      clientAddress: "10.0.0.9",
      authMethod: "caching_sha2_password",
      tlsVersion: "TLSv1.3",
      tokenExpiresAt: now,
      startedAt: now,
    });
    return id;
  }

  it("creates a connection with a sealed password, an audit event, a revision and a signal to the gateways", async () => {
    const before = await feed();
    const made = await createConnection(rita, fresh({ schema: "shop", limits: { max_rows: 100 } }));
    const row = await stored(made.id);
    expect(row?.sealedPassword).toMatch(/^v1\./);
    expect(row?.sealedPassword).not.toContain(SECRET);
    expect(openCredential(made.id, row?.sealedPassword ?? "")).toBe(SECRET);
    expect(row).toMatchObject({ schema: "shop", tls: "preferred", limits: { max_rows: 100 }, updatedBy: "Rita" });
    expect(await feed()).toBe(before + 1);
    const audit = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, made.id));
    expect(audit).toMatchObject([{ action: "connection.created", actorName: "Rita", address: "127.0.0.1" }]);
    expect((await store.db.select().from(revisions)).at(-1)?.summary).toBe(`Connection ${made.name} created`);
  });

  it("returns the secret, sealed or not, from no listing, detail, activity or revision", async () => {
    const made = await createConnection(rita, fresh());
    await rotateCredential(rita, { id: made.id, password: `${SECRET}-2` });
    const sealed = (await stored(made.id))?.sealedPassword ?? "?";
    const everything = JSON.stringify([
      await listConnections(auditor),
      await getConnection(auditor, made.name),
      await connectionActivity(auditor, made.name),
      await store.db.select().from(auditEvents),
      await store.db.select().from(revisions),
    ]);
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain(sealed);
    expect(everything).not.toContain("sealedPassword");
  });

  it("lets only one of two people who create the same name at once, and tells the other at the field", async () => {
    const input = fresh();
    const results = await Promise.allSettled([createConnection(rita, input), createConnection(otto, input)]);
    expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(results.find((one) => one.status === "rejected")?.reason).toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "name", message: expect.stringContaining("taken") }],
    });
  });

  it("refuses bad fields with every problem at its path", async () => {
    await expect(
      createConnection(rita, fresh({ name: "Bad Name", host: "http://x", port: 0, password: "" })),
    ).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: expect.arrayContaining(
        ["name", "host", "port", "password"].map((path) => expect.objectContaining({ path })),
      ),
    });
    await expect(createConnection(rita, fresh({ host: "169.254.169.254" }))).rejects.toThrow(/metadata/);
    await expect(createConnection(rita, fresh({ ca: "nonsense" }))).rejects.toMatchObject({
      problems: [{ path: "ca" }],
    });
  });

  it("lets nobody but an admin change anything", async () => {
    const made = await createConnection(rita, fresh());
    const row = await getConnection(rita, made.name);
    const change = { id: made.id, version: 1, fields: editableOf(row) };
    for (const attempt of [
      () => createConnection(auditor, fresh()),
      () => updateConnection(auditor, change),
      () => rotateCredential(auditor, { id: made.id, password: "x" }),
      () => removeConnection(auditor, { id: made.id, typedName: made.name }),
      () => createPolicy(auditor, { name: "p", connectionId: made.id, identities: [] }),
      () => suggestBindings(auditor),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    expect(await stored(made.id)).toMatchObject({ version: 1 });
  });

  it("changes how results are recorded, and leaves it as it is where nothing is said of it", async () => {
    const made = await createConnection(rita, fresh());
    const { recording: before, ...fields } = editableOf(await getConnection(rita, made.name));
    expect(before).toEqual({ results: "full", max_result_bytes: 1_048_576, retention_days: 90 });
    const recording = { results: "shape", max_result_bytes: 4096, retention_days: 7 } as const;
    await updateConnection(rita, { id: made.id, version: 1, fields: { ...fields, recording } });
    expect(await stored(made.id)).toMatchObject({ recording });
    await updateConnection(rita, { id: made.id, version: 2, fields: { ...fields, schema: "other" } });
    expect(await stored(made.id)).toMatchObject({ recording, schema: "other" });
  });

  it("lets one of two simultaneous editors win and tells the other who changed it and when", async () => {
    const made = await createConnection(rita, fresh());
    const fields = editableOf(await getConnection(rita, made.name));
    const results = await Promise.allSettled([
      updateConnection(rita, { id: made.id, version: 1, fields: { ...fields, schema: "by_rita" } }),
      updateConnection(otto, { id: made.id, version: 1, fields: { ...fields, schema: "by_otto" } }),
    ]);
    const lost = results.find((one) => one.status === "rejected")?.reason;
    const row = await stored(made.id);
    expect(row?.version).toBe(2);
    expect(lost).toMatchObject({ code: "CONFLICT" });
    expect(lost.message).toContain(`${row?.updatedBy} changed the connection ${made.name} at 20`);
    const updates = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, made.id));
    expect(updates.filter((one) => one.action === "connection.updated")).toMatchObject([
      { detail: { changes: [{ field: "schema", before: null, after: row?.schema }] } },
    ]);
  });

  it("writes no revision when a save changes nothing", async () => {
    const made = await createConnection(rita, fresh({ limits: { max_rows: 5 } }));
    const before = await feed();
    const fields = editableOf(await getConnection(rita, made.name));
    expect(await updateConnection(rita, { id: made.id, version: 1, fields })).toEqual({ version: 1 });
    expect(await feed()).toBe(before);
  });

  it("wants the password again before it would go to another server or account", async () => {
    const made = await createConnection(rita, fresh());
    const fields = editableOf(await getConnection(rita, made.name));
    for (const change of [{ host: "10.1.1.1" }, { port: 3399 }, { user: "root" }]) {
      await expect(
        updateConnection(rita, { id: made.id, version: 1, fields: { ...fields, ...change } }),
      ).rejects.toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "password" }] });
    }
    await updateConnection(rita, {
      id: made.id,
      version: 1,
      fields: { ...fields, host: "10.1.1.1" },
      password: "new-one",
    });
    const row = await stored(made.id);
    expect(openCredential(made.id, row?.sealedPassword ?? "")).toBe("new-one");
  });

  it("replaces the credential and says when and by whom, not what", async () => {
    const made = await createConnection(rita, fresh());
    expect((await getConnection(auditor, made.name)).credentialChangedBy).toBeNull();
    await rotateCredential(otto, { id: made.id, password: "second" });
    const row = await stored(made.id);
    expect(openCredential(made.id, row?.sealedPassword ?? "")).toBe("second");
    expect(await getConnection(auditor, made.name)).toMatchObject({ credentialChangedBy: "Otto", version: 2 });
  });

  it("deletes only with the typed name, takes the policies along and keeps the history of open sessions", async () => {
    const made = await createConnection(rita, fresh());
    await createPolicy(rita, { name: `p-${made.name}`, connectionId: made.id, identities: [{ client_id: "a" }] });
    const sessionId = await openSession(made.id, made.name);
    expect((await listConnections(auditor)).find((one) => one.id === made.id)).toMatchObject({
      liveSessions: 1,
      policies: [{ name: `p-${made.name}` }],
      lastUsedAt: expect.any(Date),
    });
    await expect(removeConnection(rita, { id: made.id, typedName: "other" })).rejects.toMatchObject({
      problems: [{ path: "typedName" }],
    });
    const before = await feed();
    expect(await removeConnection(rita, { id: made.id, typedName: made.name })).toEqual({
      name: made.name,
      openSessions: 1,
      policies: [`p-${made.name}`],
    });
    expect(await feed()).toBe(before + 1);
    expect(await store.db.select().from(policies).where(eq(policies.connectionId, made.id))).toEqual([]);
    const [session] = await store.db.select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session).toMatchObject({ connectionId: null, connectionName: made.name });
    await expect(getConnection(rita, made.name)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { events } = await connectionActivity(auditor, made.name);
    expect(events.map((one) => one.action)).toEqual([
      "connection.deleted",
      "policy.deleted",
      "policy.created",
      "connection.created",
    ]);
  });

  it("binds, changes and unbinds identities, each time with a conflict for the one who came late", async () => {
    const made = await createConnection(rita, fresh());
    const policy = await createPolicy(rita, { name: `q-${made.name}`, connectionId: made.id, identities: [] });
    const change = { id: policy.id, version: 1, name: `q-${made.name}`, identities: [{ group: "support" }] };
    const results = await Promise.allSettled([
      updatePolicy(rita, change),
      updatePolicy(otto, { ...change, identities: [], name: "z" }),
    ]);
    expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(results.find((one) => one.status === "rejected")?.reason).toMatchObject({ code: "CONFLICT" });
    await expect(removePolicy(rita, { id: policy.id, version: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
    await removePolicy(rita, { id: policy.id, version: 2 });
    expect(await listPolicies(auditor, made.id)).toEqual([]);
  });

  it("refuses a policy of a taken name, of no connection, and the same identity twice", async () => {
    const made = await createConnection(rita, fresh());
    const input = { name: `r-${made.name}`, connectionId: made.id, identities: [{ client_id: "a" }] };
    await createPolicy(rita, input);
    await expect(createPolicy(rita, input)).rejects.toMatchObject({ problems: [{ path: "name" }] });
    await expect(createPolicy(rita, { ...input, name: "s", connectionId: newId() })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(
      createPolicy(rita, { ...input, name: "t", identities: [{ client_id: "a" }, { client_id: "a" }] }),
    ).rejects.toMatchObject({ problems: [{ path: "identities" }] });
  });

  it("suggests the clients, people and groups that were seen", async () => {
    const identityId = newId();
    const made = await createConnection(rita, fresh());
    await openSession(made.id, made.name, identityId);
    expect(await suggestBindings(rita)).toEqual(
      expect.arrayContaining([
        { binding: { client_id: `agent-${identityId}` }, label: "orders-agent" },
        { binding: { group: "support" }, label: expect.stringMatching(/^group of \d+ identit/) },
      ]),
    );
  });

  it("shows who logged in and who was refused since a moment, to the page that waits", async () => {
    const made = await createConnection(rita, fresh());
    const since = new Date();
    await openSession(made.id, made.name);
    await store.db.insert(auditEvents).values({
      id: newId(),
      at: new Date(),
      action: "login.refused",
      result: "refused",
      actorKind: "machine",
      actorName: "stranger",
      connectionName: made.name,
      code: "LOGIN_REFUSED",
      message: "The token expired",
      detail: {},
    });
    const seen = await watchLogins(auditor, { connection: made.name, since });
    expect(seen.sessions).toMatchObject([{ identityName: "orders-agent", clientAddress: "10.0.0.9" }]);
    expect(seen.refused).toMatchObject([{ who: "stranger", message: "The token expired" }]);
    const later = new Date(Date.now() + 60_000);
    expect(await watchLogins(auditor, { connection: made.name, since: later })).toEqual({ sessions: [], refused: [] });
  });
});
