import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, policies, revisions } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { createPolicy } from "./create-policy";
import { getPolicy, listPolicies } from "./list-policies";
import { removePolicy } from "./remove-policy";
import { loadSnapshot } from "./snapshot";
import { policiesFor } from "./stored-policy";
import { updatePolicy } from "./update-policy";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const READ = { name: "read", effect: "allow", statements: ["select"], tables: ["shop.orders"] } as const;
const REFUND = { name: "refund", effect: "review", template: "UPDATE orders SET status = ? WHERE id = ?" } as const;
const AGENT = { clientId: "agent", subject: "agent", groups: [], email: null };

describe("policies with rules", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  let connectionName: string;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    connectionName = `c${newId().slice(-12).toLowerCase()}`;
    const made = await createConnection(admin, { name: connectionName, host: "h", user: "u", password: "p" });
    connectionId = made.id;
  });

  const create = (change: object = {}) =>
    createPolicy(admin, {
      name: `p-${connectionName}`,
      connectionId,
      identities: [{ client_id: "agent" }],
      rules: [{ ...READ, statements: ["select"], tables: ["shop.orders"] }, REFUND],
      ...change,
    });
  const newest = async () =>
    (await store.db.select({ number: sql<number>`max(${revisions.number})` }).from(revisions))[0]?.number;

  it("take budgets and sudden behaviour, keep what a change leaves out, and lose what it takes away", async () => {
    const budgets = [{ measure: "rows", per: "hour", max: 1000, over: "review" }] as const;
    const sudden = { new_template: "review", new_table: "allow", rows_factor: 10, days: 7 } as const;
    const { id } = await create({ budgets, sudden });
    const kept = { id, name: `p-${connectionName}`, identities: [{ client_id: "agent" }] };
    expect(await getPolicy(admin, id)).toMatchObject({ budgets, sudden });
    await updatePolicy(admin, { ...kept, version: 1, metadata: "deny" });
    expect(await getPolicy(admin, id)).toMatchObject({ budgets, sudden, metadata: "deny" });
    await updatePolicy(admin, { ...kept, version: 2, budgets: null });
    const after = await getPolicy(admin, id);
    expect([after.budgets, after.sudden]).toEqual([undefined, sudden]);
    const twice = [budgets[0], { ...budgets[0], max: 5 }];
    await expect(updatePolicy(admin, { ...kept, version: 3, budgets: twice })).rejects.toMatchObject({
      problems: [{ message: "a budget of rows per hour stands here twice" }],
    });
  });

  it("are listed with what they say, and found by name and by id", async () => {
    const { id } = await create({ metadata: "deny", default: "review" });
    const [listed] = await listPolicies(ctxOf(store.db, "auditor"), connectionId);
    expect(listed).toMatchObject({
      id,
      connection: { id: connectionId, name: connectionName },
      metadata: "deny",
      default: "review",
      rules: [READ, REFUND],
      version: 1,
    });
    expect(await getPolicy(admin, id)).toEqual(listed);
    expect(await getPolicy(admin, `p-${connectionName}`)).toEqual(listed);
    await expect(getPolicy(admin, "nowhere")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await listPolicies(admin)).map((one) => one.id)).toContain(id);
  });

  it("deny everything when they say nothing of rules", async () => {
    await create({ rules: undefined });
    expect((await listPolicies(admin, connectionId))[0]).toMatchObject({
      metadata: "allow",
      default: "deny",
      rules: [],
    });
  });

  it("change in their order, each change a revision and an audit event with what differs", async () => {
    const { id } = await create();
    const before = (await newest()) ?? 0;
    const input = { id, name: `p-${connectionName}`, identities: [{ client_id: "agent" }] };
    const { version, revision } = await updatePolicy(admin, {
      ...input,
      version: 1,
      rules: [REFUND, { ...READ, statements: ["select"], tables: ["shop.orders"] }],
    });
    expect({ version, revision }).toEqual({ version: 2, revision: before + 1 });
    expect((await getPolicy(admin, id)).rules.map((one) => one.name)).toEqual(["refund", "read"]);
    const events = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id));
    expect(events.find((one) => one.action === "policy.updated")?.detail).toMatchObject({
      changes: [{ field: "rules", after: [{ name: "refund" }, { name: "read" }] }],
    });
    expect(await updatePolicy(admin, { ...input, version: 2 })).toEqual({ version: 2, revision: null });
    expect(await newest()).toBe(before + 1);
  });

  it("keep what a change leaves out", async () => {
    const { id } = await create({ default: "review" });
    await updatePolicy(admin, { id, version: 1, name: `p-${connectionName}`, identities: [] });
    expect(await getPolicy(admin, id)).toMatchObject({ default: "review", rules: [READ, REFUND], identities: [] });
  });

  it("take one of several changes at a time, and tell the others whose came first", async () => {
    const { id } = await create();
    const input = { id, version: 1, name: `p-${connectionName}`, identities: [{ client_id: "agent" }] };
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((limit) =>
        updatePolicy(admin, {
          ...input,
          rules: [{ name: "read", effect: "allow", statements: ["select"], max_limit: limit }],
        }),
      ),
    );
    const refused = results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(3);
    for (const reason of refused) expect(reason).toMatchObject({ code: "CONFLICT" });
    expect((await getPolicy(admin, id)).version).toBe(2);
  });

  it("publish one revision each when several are made at once", async () => {
    const before = (await newest()) ?? 0;
    const made = await Promise.all([1, 2, 3].map((n) => create({ name: `p${n}-${connectionName}` })));
    expect(made.map((one) => one.revision).sort((a, b) => a - b)).toEqual([before + 1, before + 2, before + 3]);
  });

  it.each<[string, object, string]>([
    ["a bad pattern", { rules: [{ ...READ, tables: ["orders"] }] }, "rules[0].tables[0]"],
    ["a rule twice", { rules: [REFUND, REFUND] }, "rules[1].name"],
    ["a limit on a denial", { rules: [{ name: "x", effect: "deny", max_limit: 1 }] }, "rules[0].max_limit"],
    ["an unknown kind of statement", { rules: [{ ...READ, statements: ["selec"] }] }, "rules[0].statements[0]"],
    ["an unknown key", { rules: [{ ...READ, limit: 1 }] }, "rules[0]"],
  ])("refuse %s at its field", async (_, change, path) => {
    await expect(create(change)).rejects.toMatchObject({ code: "INVALID_INPUT", problems: [{ path }] });
  });

  it("are only looked at by those who may not edit", async () => {
    const { id } = await create();
    const reviewer = ctxOf(store.db, "reviewer");
    const change = { id, version: 1, name: "x", identities: [] };
    for (const attempt of [updatePolicy(reviewer, change), removePolicy(reviewer, { id, version: 1 })]) {
      await expect(attempt).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    await expect(listPolicies(ctxOf(store.db), connectionId)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("reach the gateways in the order of their names; one that can not be read denies everything and is told of", async () => {
    const { id } = await create({ name: `b-${connectionName}` });
    await create({ name: `a-${connectionName}`, identities: [{ group: "other" }] });
    const snapshot = await loadSnapshot(store.db);
    const connection = snapshot.byId.get(connectionId);
    expect(connection?.policies.map((one) => one.policy.name)).toEqual([`a-${connectionName}`, `b-${connectionName}`]);
    expect(connection?.bindings).toEqual([{ group: "other" }, { client_id: "agent" }]);
    expect(connection).toMatchObject({
      catalogue: { refresh_seconds: 30 },
      approvals: { required: 1 },
      mode: "enforce",
    });
    expect(policiesFor(connection?.policies ?? [], AGENT)).toMatchObject([{ rules: [READ, REFUND] }]);
    expect(snapshot.unreadable).toEqual([]);

    await store.db.execute(sql`update ${policies} set rules = '[{"name":"x","effect":"allow"}]' where id = ${id}`);
    const broken = await loadSnapshot(store.db);
    expect(broken.unreadable).toEqual([
      { policy: `b-${connectionName}`, problem: expect.stringContaining("rules[0]") },
    ]);
    expect(policiesFor(broken.byId.get(connectionId)?.policies ?? [], AGENT)).toMatchObject([
      { name: `b-${connectionName}`, metadata: "deny", default: "deny", rules: [{ effect: "deny" }] },
    ]);
    await removePolicy(admin, { id, version: 1 });
  });
});
