import { sql } from "drizzle-orm";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HELD_WAIT, HeldWorld } from "@/e2e/support/held-world";
import { RawClient } from "@/e2e/support/raw-client";
import { type GatewayUnderTest, type Settings, TOKEN } from "@/e2e/support/wire-gateway";
import { approve } from "@/lib/approvals/approve";
import type { Ctx } from "@/lib/ctx";
import { budgetUses, templateUses } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { maskFields } from "@/lib/masking/mask";
import { policy } from "@/lib/policy/rule";
import { COMMAND } from "../protocol/constants";
import { readErr } from "../protocol/err-packet";
import { usageStore } from "./usage-store";

const READ = { name: "read", effect: "allow", statements: ["read"], tables: ["*.*"], functions: ["sleep"] };
const withBudgets = (budgets: readonly object[], rules: readonly object[] = [READ]) => [
  policy.parse({ name: "agents", identities: [], rules, budgets }),
];
const START = Date.parse("2026-11-27T13:50:30.000Z");
const LEFT_IN_MINUTE = 30_000;

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "ran",
    (error: Error) => error.message,
  );

describe("a budget", () => {
  let world: HeldWorld;
  let rita: Ctx;
  let now = START;
  beforeAll(async () => {
    world = await HeldWorld.create();
    rita = await world.reviewer();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    now = START;
  });
  afterEach(async () => {
    await world.clear();
    await world.store.db.delete(budgetUses);
  });

  const start = (budgets: readonly object[], changes: Partial<Settings> = {}) =>
    world.gateway({
      policies: withBudgets(budgets),
      usageStore: usageStore(world.store.db),
      now: () => now,
      ...changes,
    });
  const client = (gateway: GatewayUnderTest, token?: string) => world.client(gateway, token);
  const read = (on: Connection, id = 1) => outcome(on.query(`SELECT status FROM orders WHERE id = ${id}`));
  const stored = async () =>
    (await world.store.db.select().from(budgetUses)).map(({ measure, used }) => [measure, used]);
  const events = (gateway: GatewayUnderTest, action: string) =>
    gateway.observed.audits.filter((row) => row.action === action);

  describe("of statements", () => {
    const TWO = [{ measure: "statements", per: "minute", max: 2 }];

    it("refuses what is beyond it in words that tell policy, measure, period and when it begins anew", async () => {
      const gateway = await start(TWO);
      const one = await client(gateway);
      expect([await read(one), await read(one, 2)]).toEqual(["ran", "ran"]);
      const failed = one.query("SELECT status FROM orders WHERE id = 3");
      await expect(failed).rejects.toMatchObject({ errno: 1226, sqlState: "42000" });
      expect(await read(one)).toMatch(
        /The budget of the policy agents is used up: 2 statements a minute\. Use less, or try again after 13:51 UTC\. \(code=LIMIT_EXCEEDED event=\S+ rule=read\)/,
      );
      expect((await one.query("SELECT 1 + 1"))[0]).toBeDefined();
      const refused = gateway.observed.statements.find((row) => row.errorNumber === 1226);
      expect(refused).toMatchObject({
        effect: "deny",
        policyName: "agents",
        ruleName: "read",
        decisionReason: "over its budget of 2 statements a minute",
      });
    });

    it("begins anew with the next window, to the millisecond", async () => {
      const one = await client(await start(TWO));
      expect([await read(one), await read(one)]).toEqual(["ran", "ran"]);
      now += LEFT_IN_MINUTE - 1;
      expect(await read(one)).toContain("LIMIT_EXCEEDED");
      now += 1;
      expect([await read(one), await read(one)]).toEqual(["ran", "ran"]);
      expect(await read(one)).toContain("try again after 13:52 UTC");
    });

    it("is one for text, prepared statements and cursors", async () => {
      const one = await client(await start(TWO));
      expect(await read(one)).toBe("ran");
      const execute = () => outcome(one.execute("SELECT status FROM orders WHERE id = ?", [1]));
      expect(await execute()).toBe("ran");
      expect(await execute()).toContain("LIMIT_EXCEEDED");
      expect(await read(one)).toContain("LIMIT_EXCEEDED");
    });

    it("is one for all sessions of an identity, and another identity has its own", async () => {
      const gateway = await start(TWO);
      const [one, two] = [await client(gateway), await client(gateway)];
      expect([await read(one), await read(two)]).toEqual(["ran", "ran"]);
      expect([await read(one), await read(two)].every((said) => said.includes("LIMIT_EXCEEDED"))).toBe(true);
      expect(await read(await client(gateway))).toContain("LIMIT_EXCEEDED");
      expect(await read(await client(gateway, `token-other ${"x".repeat(1180)}`))).toBe("ran");
    });

    it("is held by all sessions together, however many send at once", async () => {
      const gateway = await start([{ measure: "statements", per: "day", max: 20 }]);
      const sessions = await Promise.all(Array.from({ length: 10 }, () => client(gateway)));
      const said = await Promise.all(sessions.flatMap((one) => Array.from({ length: 6 }, () => read(one))));
      expect(said.filter((one) => one === "ran")).toHaveLength(20);
    });

    it("is not left by USE", async () => {
      const one = await client(await start(TWO));
      expect([await read(one), await read(one)]).toEqual(["ran", "ran"]);
      await one.query(`USE ${world.upstream.name}`);
      expect(await read(one)).toContain("LIMIT_EXCEEDED");
    });

    it("counts statements that the upstream fails", async () => {
      const one = await client(await start(TWO));
      const failing = () => outcome(one.query("SELECT CAST(CONCAT(status, 'x') AS JSON) FROM orders, missing"));
      expect(await failing()).toContain("NOT_UNDERSTOOD");
      const fails = () => outcome(one.query("SELECT (SELECT id FROM orders) FROM orders"));
      expect(await fails()).toContain("more than 1 row");
      expect(await fails()).toContain("more than 1 row");
      expect(await fails()).toContain("LIMIT_EXCEEDED");
    });

    it("goes on where it was when the policy is published again, and applies its new maximum", async () => {
      const gateway = await start(TWO);
      const one = await client(gateway);
      expect([await read(one), await read(one)]).toEqual(["ran", "ran"]);
      gateway.settings.policies = withBudgets(TWO, [READ, { ...READ, name: "again" }]);
      gateway.publish();
      expect(await read(one)).toContain("LIMIT_EXCEEDED");
      gateway.settings.policies = withBudgets([{ ...TWO[0], max: 3 }]);
      gateway.publish();
      expect([await read(one), (await read(one)).includes("3 statements a minute")]).toEqual(["ran", true]);
      gateway.settings.policies = withBudgets([]);
      gateway.publish();
      expect(await read(one)).toBe("ran");
    });

    it("counts no housekeeping, no metadata and no preparing", async () => {
      const one = await client(await start([{ measure: "statements", per: "minute", max: 1 }]));
      await one.query("SET NAMES utf8mb4");
      await one.query("SHOW TABLES");
      await one.query("BEGIN");
      await one.query("COMMIT");
      const prepared = await one.prepare("SELECT status FROM orders WHERE id = ?");
      await one.prepare("SELECT hits FROM orders WHERE id = ?");
      expect(await outcome(prepared.execute([1]))).toBe("ran");
      expect(await outcome(prepared.execute([1]))).toContain("LIMIT_EXCEEDED");
    });

    it("is told to the audit log once a window", async () => {
      const gateway = await start(TWO);
      const one = await client(gateway);
      for (let n = 0; n < 5; n += 1) await read(one);
      expect(events(gateway, "budget.exceeded")).toHaveLength(1);
      expect(events(gateway, "budget.exceeded")[0]).toMatchObject({
        actorName: "agent",
        connectionName: "shop",
        result: "refused",
        detail: { policy: "agents", measure: "statements", per: "minute", max: 2, over: "deny" },
      });
      now += LEFT_IN_MINUTE;
      for (let n = 0; n < 5; n += 1) await read(one);
      expect(events(gateway, "budget.exceeded")).toHaveLength(2);
    });

    it("blocks nothing in observe mode, and the record says what it would have done", async () => {
      const gateway = await start(TWO, { mode: "observe" });
      const one = await client(gateway);
      for (let n = 0; n < 3; n += 1) expect(await read(one)).toBe("ran");
      await vi.waitFor(
        () => expect(gateway.observed.statements.map((row) => row.effect)).toEqual(["allow", "allow", "deny"]),
        20_000,
      );
      expect(gateway.observed.statements.at(-1)).toMatchObject({
        decisionReason: "over its budget of 2 statements a minute",
        errorNumber: null,
      });
    });
  });

  describe("of rows and bytes", () => {
    const ROWS = [{ measure: "rows", per: "minute", max: 4 }];

    it("ends an answer in its middle, and refuses the next statement", async () => {
      const gateway = await start(ROWS);
      const one = await client(gateway);
      expect(await outcome(one.query("SELECT id FROM orders"))).toBe("ran");
      expect(await outcome(one.query("SELECT id FROM orders"))).toMatch(
        /The answer goes beyond the budget of the policy agents: 4 rows a minute\. Ask for less.*try again after 13:51 UTC/,
      );
      expect(await read(one)).toContain("is used up: 4 rows a minute");
      expect(gateway.observed.statements.map((row) => row.rowCount)).toEqual([3, 1, 0]);
      now += LEFT_IN_MINUTE;
      expect(await read(one)).toBe("ran");
    });

    it("counts the rows of a cursor as they are fetched, however few at a time", async () => {
      const gateway = await start([{ measure: "rows", per: "minute", max: 2 }]);
      const raw = await RawClient.connect(gateway.port);
      await raw.logIn(TOKEN);
      const prepared = await raw.command(COMMAND.STMT_PREPARE, "SELECT id FROM orders");
      const id = prepared?.subarray(1, 5) ?? Buffer.alloc(4);
      await raw.read();
      await raw.read();
      await raw.command(COMMAND.STMT_EXECUTE, Buffer.concat([id, Buffer.of(1, 1, 0, 0, 0)]));
      await raw.read();
      await raw.read();
      const fetchOne = Buffer.concat([id, Buffer.of(1, 0, 0, 0)]);
      for (let n = 0; n < 2; n += 1) {
        expect((await raw.command(COMMAND.STMT_FETCH, fetchOne))?.[0]).toBe(0);
        await raw.read();
      }
      const cut = await raw.command(COMMAND.STMT_FETCH, fetchOne);
      expect(cut === null ? null : readErr(cut)).toMatchObject({ errno: 1226 });
      raw.destroy();
    });

    it("counts while answers of other sessions come", async () => {
      const gateway = await start([{ measure: "rows", per: "day", max: 2_000 }]);
      const sessions = await Promise.all(Array.from({ length: 4 }, () => client(gateway)));
      const many = "SELECT a.id FROM orders a, orders b, orders c, orders d, orders e, orders f";
      await Promise.all(sessions.map((one) => outcome(one.query<RowDataPacket[]>(many))));
      const rows = gateway.observed.statements.reduce((sum, row) => sum + row.rowCount, 0);
      expect(rows).toBe(2_000);
    });

    it("of bytes ends an answer, and stays used up", async () => {
      const one = await client(await start([{ measure: "bytes", per: "minute", max: 5_000 }]));
      const long = "SELECT REPEAT('x', 2000) FROM orders";
      expect(await outcome(one.query(long))).toContain(
        "The answer goes beyond the budget of the policy agents: 5000 bytes",
      );
      expect(await read(one)).toContain("is used up: 5000 bytes a minute");
    });
  });

  it("of templates lets go on what has run in the window, and nothing else", async () => {
    const one = await client(await start([{ measure: "templates", per: "hour", max: 2 }]));
    expect([await read(one), await outcome(one.query("SELECT hits FROM orders"))]).toEqual(["ran", "ran"]);
    expect(await outcome(one.query("SELECT id FROM orders"))).toContain("2 different templates an hour");
    expect(await read(one, 3)).toBe("ran");
  });

  it("of templates counts what several gateways have run by name before it stops anything", async () => {
    const THREE = [{ measure: "templates", per: "hour", max: 3 }];
    const gateways = [await start(THREE), await start(THREE)];
    const [one, other] = await Promise.all(gateways.map((gateway) => client(gateway)));
    if (one === undefined || other === undefined) throw new Error("two were started");
    const hits = (on: Connection) => outcome(on.query("SELECT hits FROM orders"));
    expect([await read(one), await read(other), await hits(one), await hits(other)]).toEqual(Array(4).fill("ran"));
    for (const gateway of [...gateways, ...gateways]) await gateway.usage.exchange();
    expect(await stored()).toEqual([["templates", 4]]);
    const id = (on: Connection) => outcome(on.query("SELECT id FROM orders"));
    // The store knows of two.
    for (const { templateHash, identityId, defaultSchema } of gateways[0]?.observed.statements ?? []) {
      if (templateHash === null || templateHash === undefined) continue;
      const at = new Date(now);
      const sums = { statements: 2, executed: 2, masked: 0, rows: 2, mostRows: 1, resultBytes: 1 };
      await world.store.db.insert(templateUses).values({
        ...{ day: "2026-11-27", connectionName: "shop", identityId, templateHash, defaultSchema: defaultSchema ?? "" },
        ...{ ...sums, firstAt: at, lastAt: at, lastStatementId: newId() },
      });
    }
    now += 1_000;
    expect(await id(one)).toBe("ran");
    expect(await outcome(one.query("SELECT id, hits FROM orders"))).toContain("3 different templates an hour");
    // It has heard of none but its own two and those of the store: the last one is not there yet.
    expect(await id(other)).toBe("ran");
    expect(await read(other)).toBe("ran");
    expect(await outcome(other.query("SELECT id, hits FROM orders"))).toContain("3 different templates an hour");
    // One that was started again remembers none.
    const again = await client(await start(THREE));
    expect([await read(again), await hits(again), await id(again)]).toEqual(["ran", "ran", "ran"]);
    await world.store.db.delete(templateUses);
  });

  it("of masked lookups counts statements that read or write a masked column, exempt or not", async () => {
    const column = `${world.upstream.name}.orders.status`;
    const BUDGET = [{ measure: "masked_lookups", per: "day", max: 1 }];
    for (const exempt of [[], ["fraud"]]) {
      const masks = [maskFields.parse({ column, method: "redact", exempt })];
      const policies = withBudgets(BUDGET, [{ ...READ, statements: ["read", "write"] }]);
      const one = await client(await start([], { policies, masks, groups: ["fraud"] }));
      expect(await read(one)).toBe("ran");
      expect(await read(one)).toContain("1 masked-column lookup a day");
      expect(await outcome(one.query("SELECT hits FROM orders"))).toBe("ran");
      expect(await outcome(one.query("UPDATE orders SET hits = hits WHERE id = 1"))).toBe("ran");
      await world.clear();
    }
  });

  describe("that asks for a review", () => {
    const ASKS = [{ measure: "statements", per: "hour", max: 1, over: "review" }];

    it("holds what is beyond it with its reason, and what is approved runs and is counted", async () => {
      const gateway = await start(ASKS);
      const one = await client(gateway);
      expect(await read(one)).toBe("ran");
      const done = read(one, 2);
      const { id, reason } = await world.held();
      expect(reason).toBe("over its budget of 1 statement an hour, which is free again at 14:00 UTC");
      await approve(rita, { id, scope: "once" });
      expect(await done).toBe("ran");
      await vi.waitFor(
        () =>
          expect(gateway.observed.statements.at(-1)).toMatchObject({
            effect: "review",
            approvalId: id,
            // Without the time: statements are counted by it.
            decisionReason: "over its budget of 1 statement an hour",
            errorNumber: null,
          }),
        20_000,
      );
      await gateway.usage.exchange();
      expect(await stored()).toEqual([["statements", 2]]);
    });

    it("binds an approval to the bound values", async () => {
      const gateway = await start(ASKS, {
        approvals: { hold_seconds: 0, expires_minutes: 60, required: 1, reviewers: [] },
      });
      const one = await client(gateway);
      const execute = (id: number) => outcome(one.execute("SELECT status FROM orders WHERE id = ?", [id]));
      expect(await execute(1)).toBe("ran");
      expect(await execute(2)).toMatch(/1 statement an hour, which is free again at 14:00 UTC.*APPROVAL_PENDING/);
      await approve(rita, { id: (await world.requests())[0]?.id ?? "", scope: "once" });
      expect(await execute(3)).toContain("APPROVAL_PENDING");
      expect(await execute(2)).toBe("ran");
      expect(await execute(2)).toContain("APPROVAL_PENDING");
    });

    it("of rows ends an answer too, and what is approved is answered whole", async () => {
      const gateway = await start([{ measure: "rows", per: "hour", max: 2, over: "review" }]);
      const one = await client(gateway);
      const all = () => outcome(one.query("SELECT id FROM orders"));
      expect(await all()).toContain("Send it again to have a person review it");
      const done = all();
      const { id } = await world.held();
      await approve(rita, { id, scope: "once" });
      expect(await done).toBe("ran");
      expect(gateway.observed.statements.at(-1)?.rowCount).toBe(3);
    });

    it("does not lift a budget that denies", async () => {
      const gateway = await start([...ASKS, { measure: "statements", per: "day", max: 2 }]);
      const one = await client(gateway);
      expect(await read(one)).toBe("ran");
      const done = read(one, 2);
      await approve(rita, { id: (await world.held()).id, scope: "once" });
      expect(await done).toBe("ran");
      expect(await read(one, 3)).toContain("2 statements a day");
    });
  });

  it("denies before a person is asked, where a rule asks for a review", async () => {
    const gateway = await start([], {
      policies: withBudgets([{ measure: "statements", per: "day", max: 1 }], [{ ...READ, effect: "review" }]),
    });
    const one = await client(gateway);
    const done = read(one);
    await approve(rita, { id: (await world.held()).id, scope: "once" });
    expect(await done).toBe("ran");
    expect(await read(one)).toContain("LIMIT_EXCEEDED");
    expect(await world.requests()).toHaveLength(1);
  });

  describe("of several gateways", () => {
    const FIVE = [{ measure: "statements", per: "hour", max: 5 }];

    it("is overrun by at most what they let through between two exchanges", async () => {
      const gateways = [await start(FIVE), await start(FIVE)];
      const clients = await Promise.all(gateways.map((one) => client(one)));
      const both = async () =>
        (await Promise.all(clients.map((one) => read(one)))).filter((said) => said === "ran").length;
      const exchange = async () => {
        for (const gateway of gateways) await gateway.usage.exchange();
        await gateways[0]?.usage.exchange();
      };
      expect(await both()).toBe(2);
      await exchange();
      expect(await both()).toBe(2);
      await exchange();
      // Each knows of four: both let one through.
      expect(await both()).toBe(2);
      await exchange();
      expect(await both()).toBe(0);
      expect(await stored()).toEqual([["statements", 6]]);
    });

    it("is known to a gateway from the login on", async () => {
      const first = await start(FIVE);
      const one = await client(first);
      for (let n = 0; n < 5; n += 1) expect(await read(one)).toBe("ran");
      await first.usage.exchange();
      expect(await read(await client(await start(FIVE)))).toContain("LIMIT_EXCEEDED");
    });

    it("is counted for each of many at once without one count lost", async () => {
      const gateways = await Promise.all(Array.from({ length: 3 }, () => start([{ ...FIVE[0], max: 1_000 }])));
      await Promise.all(
        gateways.map(async (gateway) => {
          const one = await client(gateway);
          for (let n = 0; n < 10; n += 1) {
            await read(one);
            await gateway.usage.exchange();
          }
        }),
      );
      expect(await stored()).toEqual([["statements", 30]]);
    });
  });

  it("goes on counting while the store is away, and tells all of it afterwards, each in its window", async () => {
    const real = usageStore(world.store.db);
    let away = false;
    const failing = async () => Promise.reject(new Error("away"));
    const gateway = await start([{ measure: "statements", per: "minute", max: 2 }], {
      usageStore: {
        ...real,
        add: (...args) => (away ? failing() : real.add(...args)),
        read: (...args) => (away ? failing() : real.read(...args)),
      },
    });
    const one = await client(gateway);
    away = true;
    expect([await read(one), await read(one)]).toEqual(["ran", "ran"]);
    await gateway.usage.exchange();
    expect(await read(one)).toContain("LIMIT_EXCEEDED");
    now += LEFT_IN_MINUTE;
    expect(await read(one)).toBe("ran");
    await gateway.usage.exchange();
    expect(await stored()).toEqual([]);
    away = false;
    await gateway.usage.exchange();
    const rows = await world.store.db.select().from(budgetUses).orderBy(budgetUses.windowAt);
    expect(rows.map(({ windowAt, used }) => [windowAt.toISOString(), used])).toEqual([
      ["2026-11-27T13:50:00.000Z", 2],
      ["2026-11-27T13:51:00.000Z", 1],
    ]);
  });

  it("has its old windows removed, however many", async () => {
    const gateway = await start([{ measure: "statements", per: "minute", max: 2 }]);
    await read(await client(gateway));
    await gateway.usage.exchange();
    await usageStore(world.store.db).removeBefore(now - 60_000);
    expect(await stored()).toHaveLength(1);
    await usageStore(world.store.db).removeBefore(now);
    expect(await stored()).toEqual([]);
    await world.store.db.execute(
      sql`INSERT INTO budget_uses SELECT 'C', CONCAT('agents', seq), 'I', 'rows', 'minute', ${new Date(now - 1)}, 1, ${new Date(now)} FROM seq_1_to_10001`,
    );
    await usageStore(world.store.db).removeBefore(now);
    expect(await stored()).toEqual([]);
    await vi.waitFor(() => expect(gateway.registry.size).toBe(1), HELD_WAIT);
  });
});
