import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HeldWorld } from "@/e2e/support/held-world";
import { CONNECTION_ID, type GatewayUnderTest, type Settings } from "@/e2e/support/wire-gateway";
import { approve } from "@/lib/approvals/approve";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { statementTemplates, templateUses } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { policy } from "@/lib/policy/rule";
import { usageStore } from "./usage-store";

const DAY = 86_400_000;
const READ = { name: "read", effect: "allow", statements: ["read"], tables: ["*.*"] };
const ALL_NEW = { new_template: "review", new_table: "review", rows_factor: 10 };
const watching = (sudden: object) => [policy.parse({ name: "agents", identities: [], rules: [READ], sudden })];

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "ran",
    (error: Error) => error.message,
  );

describe("sudden behaviour", () => {
  let world: HeldWorld;
  let rita: Ctx;
  const identityId = "AGENT".padEnd(26, "0");
  beforeAll(async () => {
    world = await HeldWorld.create();
    rita = await world.reviewer();
    await world.admin.query("CREATE TABLE people (id INT PRIMARY KEY)");
    await world.admin.query("INSERT INTO people SELECT seq FROM seq_1_to_300");
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await world.clear();
    await world.store.db.delete(templateUses);
    await world.store.db.delete(statementTemplates);
  });

  const start = (sudden: object = ALL_NEW, changes: Partial<Settings> = {}) =>
    world.gateway({
      policies: watching(sudden),
      usageStore: usageStore(world.store.db),
      approvals: { hold_seconds: 0, expires_minutes: 60, required: 1, reviewers: [] },
      ...changes,
    });
  const run = (on: Connection, sql: string) => outcome(on.query(sql));
  const approveLast = async () => approve(rita, { id: (await world.requests()).at(-1)?.id ?? "", scope: "once" });
  const told = (gateway: GatewayUnderTest) =>
    gateway.observed.audits.filter((row) => row.action === "behaviour.sudden").map((row) => row.message);

  /** As if the agent had run it, days ago. */
  async function seen(gateway: GatewayUnderTest, sql: string, { days = 2, executed = 10, rows = 10 } = {}) {
    const { policies } = gateway.settings;
    gateway.settings.policies = watching({});
    gateway.publish();
    const client = await world.client(gateway);
    await client.query(sql);
    client.destroy();
    gateway.settings.policies = policies;
    gateway.publish();
    const { at: _, ...facts } = gateway.observed.templates.at(-1) ?? expect.fail("no template was told");
    const at = new Date(Date.now() - days * DAY);
    const defaultSchema = facts.defaultSchema ?? "";
    const template = { ...facts, id: newId(), defaultSchema, firstAt: at, lastAt: at };
    await world.store.db.insert(statementTemplates).values(template);
    await world.store.db.insert(templateUses).values({
      day: at.toISOString().slice(0, 10),
      connectionName: "shop",
      identityId,
      templateHash: facts.templateHash,
      defaultSchema,
      statements: executed + 1,
      executed,
      masked: 0,
      rows,
      mostRows: rows,
      resultBytes: 0,
      firstAt: at,
      lastAt: at,
      lastStatementId: newId(),
    });
  }

  it("holds a template that the identity has not run, with the reason; approved and run, it is known", async () => {
    const gateway = await start();
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT status FROM orders WHERE id = 2")).toBe("ran");
    expect(await run(one, "SELECT hits FROM orders WHERE id = 2")).toMatch(
      /A person must approve this statement: it has not run a statement like this in the last 14 days.*APPROVAL_PENDING/,
    );
    expect(told(gateway)).toEqual(["A statement is held: it has not run a statement like this in the last 14 days"]);
    await approveLast();
    expect(await run(one, "SELECT hits FROM orders WHERE id = 2")).toBe("ran");
    expect(gateway.observed.statements.at(-1)).toMatchObject({
      effect: "review",
      policyName: "agents",
      ruleName: "read",
    });
    expect(await run(one, "SELECT hits FROM orders WHERE id = 3")).toBe("ran");
    expect(gateway.observed.statements.at(-1)).toMatchObject({ effect: "allow", approvalId: null });
  });

  it("knows what the identity ran before the connection was renamed", async () => {
    const gateway = await start();
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    await world.store.db.update(templateUses).set({ connectionName: "old-shop" });
    await world.store.db.update(statementTemplates).set({ connectionName: "old-shop" });
    const object = { kind: "connection", id: CONNECTION_ID, name: "old-shop" };
    const created = { action: "connection.created", object, connectionName: "old-shop" } as const;
    await recordAudit(world.store.db, rita.actor, created);
    const one = await world.client(gateway);
    expect(await run(one, "SELECT status FROM orders WHERE id = 2")).toBe("ran");
    expect(await run(one, "SELECT hits FROM orders WHERE id = 2")).toContain("APPROVAL_PENDING");
  });

  it("holds prepared statements too, each with its values", async () => {
    const gateway = await start();
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    const execute = (id: number) => outcome(one.execute("SELECT hits FROM orders WHERE id = ?", [id]));
    expect(await execute(1)).toContain("APPROVAL_PENDING");
    await approveLast();
    expect(await execute(2)).toContain("APPROVAL_PENDING");
    expect(await execute(1)).toBe("ran");
  });

  it("holds a table that the identity has not touched, and names it", async () => {
    const gateway = await start({ new_table: "review" });
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT hits FROM orders")).toBe("ran");
    expect(await run(one, "SELECT o.id FROM orders o JOIN people p ON p.id = o.id")).toContain(
      `it has not touched ${world.upstream.name}.people in the last 14 days`,
    );
  });

  it("takes what failed or was refused, and what was long ago, for new", async () => {
    const gateway = await start();
    await seen(gateway, "SELECT status FROM orders WHERE id = 1", { executed: 0 });
    await seen(gateway, "SELECT hits FROM orders", { days: 20 });
    await seen(gateway, "SELECT id FROM orders");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT status FROM orders WHERE id = 1")).toContain("APPROVAL_PENDING");
    expect(await run(one, "SELECT hits FROM orders")).toContain("APPROVAL_PENDING");
    expect(await run(one, "SELECT id FROM orders")).toBe("ran");
  });

  it("holds the next statement of a template whose answer was suddenly large, once until a person approves", async () => {
    const gateway = await start({ rows_factor: 10 });
    await seen(gateway, "SELECT id FROM people WHERE id <= 5", { executed: 10, rows: 50 });
    const one = await world.client(gateway);
    expect(await run(one, "SELECT id FROM people WHERE id <= 100")).toBe("ran");
    expect(await run(one, "SELECT id FROM people WHERE id <= 300")).toBe("ran");
    const held = "SELECT id FROM people WHERE id <= 4";
    expect(await run(one, held)).toContain("the last answer to a statement like this had 300 rows, usual are 5.0");
    expect(await run(one, "SELECT status FROM orders")).toBe("ran");
    await approveLast();
    expect(await run(one, held)).toBe("ran");
    expect(await run(one, held)).toBe("ran");
  });

  it("holds nothing of an identity in the first day after its first statement", async () => {
    const gateway = await start();
    const one = await world.client(gateway);
    expect(await run(one, "SELECT status FROM orders WHERE id = 1")).toBe("ran");
    expect(await run(one, "SELECT id FROM people")).toBe("ran");
    expect(told(gateway)).toEqual([]);
  });

  it("knows what another gateway has seen meanwhile before it holds anything", async () => {
    let now = Date.now();
    const gateway = await start(ALL_NEW, { now: () => now });
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT status FROM orders WHERE id = 1")).toBe("ran");
    await seen(await start(), "SELECT id FROM people", { days: 0 });
    now += 60_000;
    expect(await run(one, "SELECT id FROM people")).toBe("ran");
  });

  it("is not read anew at each of many logins", async () => {
    const now = Date.now();
    const history = vi.fn(usageStore(world.store.db).history);
    const gateway = await start(ALL_NEW, { usageStore: { ...usageStore(world.store.db), history }, now: () => now });
    for (let n = 0; n < 3; n += 1) await world.client(gateway);
    expect(history).toHaveBeenCalledTimes(1);
  });

  it("looks at sessions that are open when the policy begins to watch", async () => {
    const gateway = await start({});
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT id FROM people")).toBe("ran");
    gateway.settings.policies = watching(ALL_NEW);
    gateway.publish();
    expect(await run(one, "SELECT status FROM orders WHERE id = 1")).toBe("ran");
    expect(await run(one, "SELECT hits FROM orders")).toContain("APPROVAL_PENDING");
  });

  it("holds what it can not tell to be known while the history can not be read", async () => {
    const gateway = await start(ALL_NEW, {
      usageStore: { ...usageStore(world.store.db), history: () => Promise.reject(new Error("away")) },
    });
    expect(await run(await world.client(gateway), "SELECT hits FROM orders")).toContain(
      "what it has run before can not be read now",
    );
  });

  it("blocks nothing in observe mode, and the record says what it would have done", async () => {
    const gateway = await start(ALL_NEW, { mode: "observe" });
    await seen(gateway, "SELECT status FROM orders WHERE id = 1");
    const one = await world.client(gateway);
    expect(await run(one, "SELECT hits FROM orders WHERE id = 2")).toBe("ran");
    await vi.waitFor(() => expect(gateway.observed.statements.at(-1)).toMatchObject({ effect: "review" }), 20_000);
    expect(told(gateway)[0]).toContain("would have been held");
  });
});
