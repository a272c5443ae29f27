import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import { removeConnection } from "@/lib/connections/remove-connection";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, revisions } from "@/lib/db/schema";
import { createPolicy } from "../create-policy";
import { getPolicy, listPolicies } from "../list-policies";
import { removePolicy } from "../remove-policy";
import { updatePolicy } from "../update-policy";
import { diffRevisions } from "./diff-revisions";
import { getRevision, listRevisions } from "./read-revisions";
import { rollBack } from "./roll-back";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const READ = { name: "read", effect: "allow" as const, statements: ["select" as const], tables: ["shop.*"] };

describe("revisions", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  let policyId: string;
  /** 1: the connection. 2: the policy with one rule. 3: a limit on it. 4: another policy. */
  beforeEach(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    connectionId = (await createConnection(admin, { name: "shop", host: "db", user: "app", password: "s3cret" })).id;
    const made = await createPolicy(admin, {
      name: "agents",
      connectionId,
      identities: [{ client_id: "a" }],
      rules: [READ],
    });
    policyId = made.id;
    const rules = [{ ...READ, max_limit: 100 }];
    await updatePolicy(admin, { id: policyId, version: 1, name: "agents", identities: [{ client_id: "a" }], rules });
    await createPolicy(admin, { name: "people", connectionId, identities: [{ group: "dba" }] });
  });
  afterEach(() => store.close());

  it("are listed newest first, page by page both ways", async () => {
    const numbers = async (input: Parameters<typeof listRevisions>[1]) => {
      const { rows, older, newer } = await listRevisions(ctxOf(store.db, "auditor"), input);
      return { rows: rows.map((one) => one.number), older, newer };
    };
    expect(await numbers({})).toEqual({ rows: [4, 3, 2, 1], older: null, newer: null });
    expect(await numbers({ size: 2 })).toEqual({ rows: [4, 3], older: 3, newer: null });
    expect(await numbers({ size: 2, before: 3 })).toEqual({ rows: [2, 1], older: null, newer: 2 });
    expect(await numbers({ size: 2, after: 2 })).toEqual({ rows: [4, 3], older: 3, newer: null });
    expect(await numbers({ size: 1, after: 2 })).toEqual({ rows: [3], older: 3, newer: 3 });
    expect((await listRevisions(admin)).rows[0]).toMatchObject({ authorName: "Test Person", summary: /people/ });
  });

  it("hold the whole configuration without its secrets", async () => {
    const { document } = await getRevision(admin, 3);
    expect(document).toContain("max_limit: 100");
    expect(document).not.toContain("s3cret");
    await expect(getRevision(admin, 99)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("are compared in words, field by field", async () => {
    const { changes, from, to } = await diffRevisions(admin, { from: 2, to: 4 });
    expect({ from: from?.number, to: to.number }).toEqual({ from: 2, to: 4 });
    expect(changes).toMatchObject([
      {
        kind: "policy",
        action: "changed",
        name: "agents",
        words: ['rule "read": max_limit 100 added'],
        differences: [{ kind: "rule changed", name: "read", fields: [{ field: "max_limit", after: 100 }] }],
      },
      { kind: "policy", action: "added", name: "people", words: ["on shop", "binds group dba"] },
    ]);
    const back = await diffRevisions(admin, { from: 4, to: 1 });
    expect(back.changes?.map((one) => `${one.action} ${one.name}`)).toEqual(["removed agents", "removed people"]);
    const first = await diffRevisions(admin, { from: 0, to: 1 });
    expect(first).toMatchObject({ from: null, changes: [{ kind: "connection", action: "added", name: "shop" }] });
  });

  it("whose file this version does not read are still there as text", async () => {
    await store.db.update(revisions).set({ document: "version: 7\n" });
    expect(await diffRevisions(admin, { from: 1, to: 2 })).toMatchObject({
      changes: null,
      to: { document: "version: 7\n" },
    });
    await expect(rollBack(admin, { number: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("come back as a new revision; stored passwords stay", async () => {
    const [before] = await store.db.select().from(connections);
    const preview = await rollBack(admin, { number: 2, check: true });
    expect(preview).toMatchObject({ revision: null, leftOut: [], kept: [] });
    expect(preview.changes.map((one) => `${one.action} ${one.name}`)).toEqual(["update agents", "delete people"]);
    expect((await listPolicies(admin)).map((one) => one.name)).toEqual(["agents", "people"]);

    const done = await rollBack(admin, { number: 2, newest: 4 });
    expect(done).toEqual({ ...preview, revision: 5 });
    expect(await getPolicy(admin, "agents")).toMatchObject({ id: policyId, rules: [READ], version: 3 });
    expect((await listPolicies(admin)).map((one) => one.name)).toEqual(["agents"]);
    expect((await store.db.select().from(connections))[0]?.sealedPassword).toBe(before?.sealedPassword);
    expect((await getRevision(admin, 5)).document).toBe((await getRevision(admin, 2)).document);
    const events = await store.db.select().from(auditEvents);
    expect(events.map((one) => one.action)).toEqual(
      expect.arrayContaining(["policy.updated", "policy.deleted", "revision.published", "revision.rolled_back"]),
    );
    expect(await rollBack(admin, { number: 2 })).toMatchObject({ changes: [], revision: null });
  });

  it("do not come back over one that the person has not seen", async () => {
    await expect(rollBack(admin, { number: 2, newest: 3 })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("Revision 4"),
    });
  });

  it("bring back a policy that was removed", async () => {
    await removePolicy(admin, { id: policyId, version: 2 });
    await rollBack(admin, { number: 4 });
    expect(await getPolicy(admin, "agents")).toMatchObject({ rules: [{ ...READ, max_limit: 100 }], version: 1 });
  });

  it("never make up the credential of a connection that was deleted since: it is named, and left out only when asked", async () => {
    await createConnection(admin, { name: "new", host: "db", user: "app", password: "x" });
    await removeConnection(admin, { id: connectionId, typedName: "shop" });
    await expect(rollBack(admin, { number: 4 })).rejects.toMatchObject({
      code: "CONFLICT",
      problems: [{ path: "connections.shop", message: expect.stringContaining("left out with it: agents, people") }],
    });
    expect(await listPolicies(admin)).toEqual([]);
    const done = await rollBack(admin, { number: 4, leaveOut: true });
    expect(done).toMatchObject({
      changes: [],
      leftOut: [{ connection: "shop", policies: ["agents", "people"] }],
      kept: ["new"],
    });
  });

  it("never send a stored password to the address of then", async () => {
    const [row] = await store.db.select().from(connections);
    if (row === undefined) throw new Error("no connection");
    const fields = { ...editableOf(row), host: "db2" };
    await updateConnection(admin, { id: connectionId, version: 1, fields, password: "other" });
    await expect(rollBack(admin, { number: 2 })).rejects.toMatchObject({
      problems: [{ path: "connections.shop", message: expect.stringContaining("app at db:3306 then") }],
    });
    const done = await rollBack(admin, { number: 2, leaveOut: true });
    expect(done.leftOut).toMatchObject([{ connection: "shop", policies: [] }]);
    expect(await getPolicy(admin, "agents")).toMatchObject({ rules: [READ] });
    expect((await store.db.select().from(connections))[0]).toMatchObject({ host: "db2", version: 2 });
  });

  it("come back only by the hand of an admin", async () => {
    await expect(rollBack(ctxOf(store.db, "reviewer", "auditor"), { number: 2 })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(listRevisions(ctxOf(store.db))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("two at once come back one after the other", async () => {
    const results = await Promise.allSettled([rollBack(admin, { number: 2 }), rollBack(admin, { number: 1 })]);
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "fulfilled"]);
    const numbers = results.flatMap((one) => (one.status === "fulfilled" ? [one.value.revision] : []));
    expect(new Set(numbers)).toEqual(new Set([5, 6]));
  });
});
