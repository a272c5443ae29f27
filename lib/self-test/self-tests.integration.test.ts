import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import { ctxOf, insertIdentity } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { analyst } from "@/lib/analyses/analyst";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, statementPeriods } from "@/lib/db/schema";
import { createPolicy } from "@/lib/policy/create-policy";
import type { newPolicy } from "@/lib/policy/policy-input";
import { exportSelfTest } from "./export-self-test";
import { markedIdentity } from "./marked-identity";
import { type AttackOutcome, type AttackResult, type SelfTestInput, type SelfTestResult, selfTestInput } from "./model";
import { getSelfTest, listSelfTests } from "./read-self-tests";
import { countsOf, familiesOf, scoreOf } from "./score";
import { startSelfTest } from "./start-self-test";
import { suggestAttacked } from "./suggest-attacked";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const DAY_MS = 86_400_000;

const attack = (id: string, outcome: AttackOutcome): AttackResult => ({
  id,
  family: "scope",
  tries: "=1+1",
  statements: ["SELECT 1", "SELECT 2"],
  bound: null,
  outcome,
  why: "because",
  mend: null,
  about: null,
  statementId: null,
});

function resultOf(outcomes: Readonly<Record<string, AttackOutcome>>, { identity }: SelfTestInput): SelfTestResult {
  const attacks = Object.entries(outcomes).map(([id, outcome]) => attack(id, outcome));
  const clientId = identity !== undefined && "client_id" in identity ? (identity.client_id ?? null) : null;
  return {
    version: 1,
    connection: { name: "shop", mode: "enforce" },
    identity: { clientId, subject: "", groups: [], email: null },
    policies: ["agents"],
    sentAs: { id: "X", name: "Self-test of shop" },
    startedBy: "Ada",
    revision: 3,
    catalogueHash: "0".repeat(64),
    gateway: { id: "G", version: "1" },
    startedAt: "2026-11-01T10:00:00.000Z",
    endedAt: "2026-11-01T10:01:00.000Z",
    score: scoreOf(attacks),
    counts: countsOf(attacks),
    families: familiesOf(attacks),
    leftOut: 0,
    attacks,
  };
}

describe("self-tests as evidence", () => {
  let store: TestStore;
  let admin: Ctx;
  let auditor: Ctx;

  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    auditor = ctxOf(store.db, "auditor");
    await createConnection(admin, { name: "shop", host: "h", user: "u", password: "p" });
  });
  afterAll(() => store.close());

  /** Starts one, and does what a gateway does with it. */
  async function run(outcomes: Readonly<Record<string, AttackOutcome>>, client: string): Promise<string> {
    const { id } = await startSelfTest(admin, { connection: "shop", identity: { client_id: client } });
    const work = analyst("self_test", selfTestInput, async (_db, input) => resultOf(outcomes, input));
    const onError = (error: unknown) => {
      throw error;
    };
    await runDueAnalysis(store.db, {
      name: "gateway",
      analysts: [work],
      signal: new AbortController().signal,
      onError,
    });
    return id;
  }

  it("are listed with their scores, and compared with the run before for the same identity", async () => {
    const first = await run({ a: "stopped", b: "failed" }, "orders");
    const other = await run({ a: "failed", b: "stopped" }, "reports");
    const last = await run({ a: "setting", b: "harmless" }, "orders");
    expect(await listSelfTests(auditor, "shop")).toMatchObject([
      { id: last, state: "done", score: 50, failed: 0, warnings: 1, createdBy: admin.actor.name },
      { id: other, score: 50, failed: 1, warnings: 0 },
      { id: first, score: 50, failed: 1, warnings: 0 },
    ]);
    const { since } = await getSelfTest(auditor, last);
    expect(since).toMatchObject({ id: first, newlyFailing: [{ id: "a" }], mended: [{ id: "b" }] });
    expect((await getSelfTest(auditor, other)).since).toBeNull();
    expect(await listSelfTests(auditor, "elsewhere")).toEqual([]);
  });

  it("are exported whole as JSON, and without formulas as CSV, which the audit trail knows", async () => {
    const id = await run({ a: "stopped" }, "orders");
    const json = await exportSelfTest(auditor, id, "json");
    expect(json.name).toBe("self-test-shop-2026-11-01");
    expect(JSON.parse(json.text)).toMatchObject({ id, version: 1, score: 100, attacks: [{ id: "a" }] });
    const csv = await exportSelfTest(auditor, id, "csv");
    expect(csv.text).toContain(`"'=1+1"`);
    const events = await store.db.select().from(auditEvents).where(eq(auditEvents.action, "export.created"));
    expect(events.map((one) => one.detail)).toEqual([
      { what: "self_test", format: "json" },
      { what: "self_test", format: "csv" },
    ]);
    await expect(exportSelfTest(auditor, id, "pdf")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("are suggested for who was there last of those whom a policy binds, else for the policy that allows most", async () => {
    const { id, name } = await createConnection(admin, { name: "stock", host: "h", user: "u", password: "p" });
    const suggested = () => suggestAttacked(admin, { id, name });
    expect(await suggested()).toEqual({ first: null, seen: [] });
    const policy = (named: string, client: string, rules: z.input<typeof newPolicy>["rules"]) =>
      createPolicy(admin, { name: named, connectionId: id, identities: [{ client_id: client }], rules });
    await policy("a newcomers", "newcomer", [{ name: "no", effect: "deny", statements: ["write"] }]);
    await policy("z orders", "orders", [{ name: "read", effect: "allow", statements: ["select"] }]);
    expect((await suggested()).first).toEqual({
      kind: "binding",
      binding: { client_id: "orders" },
      policy: "z orders",
    });

    const count = { connectionName: name, effect: "allow", failed: false, statements: 1 } as const;
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const was = (identityId: string, daysAgo: number) =>
      store.db.insert(statementPeriods).values({
        ...count,
        grain: "day",
        start: new Date(today - daysAgo * DAY_MS),
        identityId,
      });
    await was((await markedIdentity(store.db, { id, name })).id, 1);
    await was(await insertIdentity(store.db, "of no policy"), 2);
    const orders = await insertIdentity(store.db, "orders");
    await was(orders, 3);
    const newcomer = await insertIdentity(store.db, "newcomer");
    await was(newcomer, 5);
    expect(await suggested()).toEqual({
      first: { kind: "seen", id: orders, name: "orders" },
      seen: [
        { id: orders, name: "orders" },
        { id: newcomer, name: "newcomer" },
      ],
    });
    await expect(suggestAttacked(auditor, { id, name })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("are run by admins and seen by auditors, and by nobody else", async () => {
    const reviewer = ctxOf(store.db, "reviewer");
    const forbidden = { code: "FORBIDDEN" };
    await expect(startSelfTest(auditor, { connection: "shop" })).rejects.toMatchObject(forbidden);
    await expect(listSelfTests(reviewer, "shop")).rejects.toMatchObject(forbidden);
    await expect(startSelfTest(admin, { connection: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { id } = await startSelfTest(admin, { connection: "shop" });
    await expect(getSelfTest(auditor, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(exportSelfTest(reviewer, id, "json")).rejects.toMatchObject(forbidden);
  });
});
