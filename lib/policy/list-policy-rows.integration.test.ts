import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf, insertStatements, statementRow } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import type { statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { recentDenials } from "@/lib/overview/recent-denials";
import { readTraffic } from "@/lib/overview/traffic";
import type { StatementFilter } from "@/lib/statements/filter";
import { listStatements } from "@/lib/statements/list";
import { createPolicy } from "./create-policy";
import { listPolicyRows, type PolicyFilter } from "./list-policy-rows";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const NOW = new Date("2026-11-23T06:30:30Z");
const HOUR = 3_600_000;

describe("decisions as lists and overview show them", () => {
  let store: TestStore;
  let admin: Ctx;
  const who = { sessionId: newId(), identityId: newId() };
  const ago = (ms: number) => new Date(NOW.getTime() - ms);
  const decided = (ms: number, sql: string, values: Partial<typeof statements.$inferInsert>) =>
    statementRow({ ...who, at: ago(ms), sql, ...values });

  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    const { id: connectionId } = await createConnection(admin, { name: "shop", host: "h", user: "u", password: "p" });
    await createPolicy(admin, {
      name: "agents",
      connectionId,
      identities: [{ client_id: "orders-agent" }],
      rules: [
        { name: "reads", effect: "allow", statements: ["select"] },
        { name: "no staff", effect: "deny", tables: ["shop.staff"] },
      ],
    });
    await createPolicy(admin, { name: "people", connectionId, identities: [{ group: "support" }], rules: [] });
    await insertStatements(store.db, [
      decided(30 * HOUR, "SELECT 'yesterday'", { effect: "allow", policyName: "agents", ruleName: "reads" }),
      decided(20 * 60_000, "SELECT 'allowed'", { effect: "allow", policyName: "agents", ruleName: "reads" }),
      decided(61_000, "SELECT 'staff'", {
        effect: "deny",
        policyName: "agents",
        ruleName: "no staff",
        decisionReason: 'rule "no staff" denies it',
        errorNumber: 1227,
      }),
      decided(60_500, "SELECT 'held'", { effect: "review", policyName: "people", errorNumber: 1227 }),
      decided(1_000, "SET NAMES utf8mb4", { effect: "allow", policyName: null }),
    ]);
  });
  afterAll(() => store.close());

  it("count a policy's hits of the last day, and know its last one", async () => {
    const rows = await listPolicyRows(ctxOf(store.db, "reviewer"), {}, NOW);
    expect(rows.map((row) => [row.name, row.hits, row.lastHitAt, row.rules])).toEqual([
      ["agents", 2, ago(61_000), { allow: 1, review: 0, deny: 1 }],
      ["people", 1, ago(60_500), { allow: 0, review: 0, deny: 0 }],
    ]);
  });

  it.each<[PolicyFilter, string[]]>([
    [{ text: "SUPPORT" }, ["people"]],
    [{ text: "no staff" }, ["agents"]],
    [{ effect: "deny" }, ["agents"]],
    [{ connection: "other" }, []],
    [{ use: "unused" }, []],
  ])("narrow policies by %j", async (filter, names) => {
    expect((await listPolicyRows(admin, filter, NOW)).map((row) => row.name)).toEqual(names);
  });

  it.each<[StatementFilter, string[]]>([
    [{ effect: "deny" }, ["SELECT 'staff'"]],
    [{ effect: "review" }, ["SELECT 'held'"]],
    [{ effect: "allow", policy: "agents" }, ["SELECT 'allowed'", "SELECT 'yesterday'"]],
    [{ policy: "agents", rule: "no staff" }, ["SELECT 'staff'"]],
    [{ effect: "allow", text: "names" }, ["SET NAMES utf8mb4"]],
  ])("narrow statements by %j", async (filter, texts) => {
    expect((await listStatements(admin, { filter })).rows.map((row) => row.sqlPreview)).toEqual(texts);
  });

  it("show the newest denials with their reasons", async () => {
    expect(await recentDenials(admin, 5)).toMatchObject([
      { sqlPreview: "SELECT 'staff'", decisionReason: 'rule "no staff" denies it' },
    ]);
  });

  it("stand in the minutes of the overview", async () => {
    const { denied, reviewed, minutes } = await readTraffic(admin, NOW);
    expect([denied, reviewed]).toEqual([1, 1]);
    expect(minutes.at(-2)).toMatchObject({ total: 2, denied: 1, reviewed: 1 });
  });
});
