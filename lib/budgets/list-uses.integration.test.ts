import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertConnection, insertSomebody } from "@/e2e/support/approvals";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { budgetUses, connections, identities, policies, templateUses } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { windowStart } from "@/lib/policy/budget-window";
import { listUses } from "./list-uses";

const CONNECTION = newId();
const POLICY = newId();

describe("the uses of budgets", () => {
  let store: TestStore;
  let busy: string;
  let calm: string;
  const now = Date.now();
  beforeAll(async () => {
    store = await createTestStore();
    await insertConnection(store.db, {}, "shop", CONNECTION);
    busy = await insertSomebody(store.db, "busy", "machine", ["agents"]);
    calm = await insertSomebody(store.db, "calm", "machine", ["agents"]);
    const stamp = { createdAt: new Date(), updatedAt: new Date(), updatedBy: "test" };
    const fields = { connectionId: CONNECTION, identities: [{ group: "agents" }], rules: [], ...stamp };
    await store.db.insert(policies).values([
      {
        ...fields,
        id: POLICY,
        name: "agents",
        budgets: [
          { measure: "rows", per: "day", max: 100, over: "deny" },
          { measure: "statements", per: "day", max: 10, over: "review" },
        ],
      },
      { ...fields, id: newId(), name: "plain" },
    ]);
    const use = (identityId: string, measure: "rows" | "statements" | "bytes", used: number, at = now) => ({
      ...{ connectionId: CONNECTION, policyName: "agents", identityId, measure, per: "day" as const, used },
      windowAt: new Date(windowStart("day", at)),
      updatedAt: new Date(),
    });
    await store.db.insert(budgetUses).values([
      use(busy, "rows", 150),
      use(busy, "statements", 2),
      use(calm, "rows", 1),
      use(calm, "rows", 99, now - 86_400_000),
      // Counted before the policy lost that budget.
      use(calm, "bytes", 5),
    ]);
  });
  afterAll(() => store.close());

  const short = ({ meters }: Awaited<ReturnType<typeof listUses>>) =>
    meters.map(({ identity, policy, measure, used, max }) => [identity.name, policy.name, measure, used, max]);

  it("of a policy are those of who used any in this window, the fullest first", async () => {
    const found = await listUses(ctxOf(store.db, "auditor"), { policyId: POLICY });
    expect(short(found)).toEqual([
      ["busy", "agents", "rows", 150, 100],
      ["busy", "agents", "statements", 2, 10],
      ["calm", "agents", "rows", 1, 100],
    ]);
    expect(found.meters[0]?.resetsAt).toEqual(new Date(windowStart("day", now) + 86_400_000));
  });

  it("of an identity are all budgets of the policies that bind it, used or not", async () => {
    expect(short(await listUses(ctxOf(store.db, "auditor"), { identityId: calm }))).toEqual([
      ["calm", "agents", "rows", 1, 100],
      ["calm", "agents", "statements", 0, 10],
    ]);
  });

  it("of templates count one that several gateways have counted once", async () => {
    const id = newId();
    const stamp = { createdAt: new Date(), updatedAt: new Date(), updatedBy: "test" };
    const fields = { connectionId: CONNECTION, identities: [{ client_id: "many" }], rules: [], ...stamp };
    await store.db.insert(policies).values({
      ...fields,
      id,
      name: "many",
      budgets: [{ measure: "templates", per: "day", max: 50, over: "review" }],
    });
    const who = await insertSomebody(store.db, "many", "machine", []);
    await store.db.insert(budgetUses).values({
      ...{ connectionId: CONNECTION, policyName: "many", identityId: who, measure: "templates", per: "day", used: 52 },
      windowAt: new Date(windowStart("day", now)),
      updatedAt: new Date(),
    });
    const sums = { statements: 4, executed: 0, masked: 0, rows: 0, mostRows: 0, resultBytes: 0 };
    const sent = (hash: string, defaultSchema: string, at: number) => ({
      ...{ day: new Date(at).toISOString().slice(0, 10), connectionName: "shop", identityId: who },
      ...{ templateHash: hash.repeat(64), defaultSchema, ...sums, lastStatementId: newId() },
      ...{ firstAt: new Date(at), lastAt: new Date(at) },
    });
    await store.db
      .insert(templateUses)
      .values([sent("a", "", now), sent("a", "shop", now), sent("b", "", now), sent("c", "", now - 86_400_000)]);
    expect(short(await listUses(ctxOf(store.db, "auditor"), { policyId: id }))).toEqual([
      ["many", "many", "templates", 2, 50],
    ]);
    await store.db
      .update(policies)
      .set({ identities: [{ email: "many@example.com" }] })
      .where(eq(policies.id, id));
    await store.db.update(identities).set({ email: "many@example.com" }).where(eq(identities.id, who));
    expect(short(await listUses(ctxOf(store.db, "auditor"), { identityId: who }))).toEqual([
      ["many", "many", "templates", 2, 50],
    ]);
  });

  it("say whether anything is stopped at all, or the connection only observes", async () => {
    const enforced = async () =>
      Promise.all(
        [{ policyId: POLICY }, { identityId: calm }].map(
          async (of) => (await listUses(ctxOf(store.db, "auditor"), of)).meters[0]?.enforced,
        ),
      );
    expect(await enforced()).toEqual([true, true]);
    await store.db.update(connections).set({ mode: "observe" });
    expect(await enforced()).toEqual([false, false]);
    await store.db.update(connections).set({ mode: "enforce" });
  });

  it("are shown to who may see the policy or the identity", async () => {
    await expect(listUses(ctxOf(store.db, "reviewer"), { identityId: calm })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect((await listUses(ctxOf(store.db, "reviewer"), { policyId: POLICY })).meters).toHaveLength(3);
  });

  it("of what is not there are none", async () => {
    expect(await listUses(ctxOf(store.db, "admin"), { policyId: newId() })).toEqual({ meters: [], more: false });
    expect(await listUses(ctxOf(store.db, "admin"), { identityId: newId() })).toEqual({ meters: [], more: false });
  });
});
