import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ctxOf,
  insertConnection,
  insertGateway,
  insertIdentity,
  insertSession,
  insertStatements,
  statementRow,
} from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { getAnalysis } from "@/lib/analyses/read";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { storeCatalogue } from "@/lib/catalogue/store";
import { policies, statementTemplates } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { understand } from "@/lib/policy/understand";
import type { UnusedResult } from "@/lib/policy/unused/model";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { unusedAnalyst } from "./analyst";
import { startUnused } from "./start";

const DAY_MS = 86_400_000;

describe("what policies grant and nobody has used", () => {
  let store: TestStore;
  let connectionId: string;
  let sessionId: string;
  let agent: string;
  let idle: string;
  let result: UnusedResult;

  beforeAll(async () => {
    store = await createTestStore();
    const { db } = store;
    connectionId = await insertConnection(db, { name: "shop", schema: "shop" });
    await storeCatalogue(db, connectionId, SHOP, new Date());
    agent = await insertIdentity(db, "orders-agent");
    idle = await insertIdentity(db, "night-agent");
    await insertIdentity(db, "somebody-else");
    sessionId = await insertSession(db, { gatewayId: await insertGateway(db), identityId: agent });
    const now = new Date();
    await db.insert(policies).values({
      id: newId(),
      name: "agents",
      connectionId,
      identities: [{ client_id: "orders-agent" }, { client_id: "night-agent" }, { client_id: "nobody" }],
      rules: [
        { name: "read", effect: "allow", statements: ["select"], tables: ["shop.*"] },
        { name: "stock", effect: "allow", statements: ["update"], tables: ["shop.products"] },
        { name: "old", effect: "allow", statements: ["delete"], tables: ["shop.items"] },
        { name: "cut", effect: "allow", statements: ["select"], tables: ["shop.items", "shop.staff"] },
        { name: "renamed", effect: "allow", statements: ["insert"], tables: ["shop.scratch"] },
      ],
      createdAt: now,
      updatedAt: now,
      updatedBy: "test",
    });
    await ran("SELECT id, total FROM orders WHERE id = 5", "read", 1);
    await ran("SELECT id, total FROM orders WHERE id = 7", "read", 2);
    await ran("UPDATE products SET price = 3 WHERE id = 9", "stock", 0);
    await ran("SELECT id FROM items WHERE id = 9", "cut", 1);
    // The rule covered that then.
    await ran("SELECT id FROM people WHERE id = 9", "cut", 3);
    await ran("INSERT INTO scratch (id) VALUES (1)", "before it was renamed", 3);
    // Long before the period.
    await ran("DELETE FROM items WHERE id = 1", "old", 40);
    const { id } = await startUnused(ctxOf(db, "admin"), { connection: "shop", days: 30 });
    await runDueAnalysis(db, {
      name: "a test",
      analysts: [unusedAnalyst],
      signal: new AbortController().signal,
      onError: (error) => expect.unreachable(String(error)),
    });
    const done = await getAnalysis(ctxOf(db, "auditor"), "unused", id);
    expect(done.state).toBe("done");
    result = done.result as UnusedResult;
  });
  afterAll(() => store.close());

  /** A statement that the rule let pass, so many days ago. */
  async function ran(sql: string, ruleName: string, daysAgo: number): Promise<void> {
    const catalogue = compileCatalogue(SHOP);
    const context = { dialect: "mariadb", catalogue, defaultSchema: "shop", pipesAsConcat: false } as const;
    const understood = understand(Buffer.from(sql), context);
    if (!understood.ok) throw new Error(understood.message);
    const { templateHash, pattern } = understood.canonical;
    const at = new Date(Date.now() - daysAgo * DAY_MS - 1_000);
    const decided = { templateHash, effect: "allow", policyName: "agents", ruleName, defaultSchema: "shop" } as const;
    await insertStatements(store.db, [
      statementRow({ sessionId, connectionId, identityId: agent, at, sql, ...decided, waitedUs: 10, state: "done" }),
    ]);
    await store.db.insert(statementTemplates).ignore().values({
      id: newId(),
      connectionName: "shop",
      templateHash,
      defaultSchema: "shop",
      text: pattern,
      statementClass: understood.subject.class,
      tables: [],
      reads: [],
      uses: [],
      writes: [],
      firstAt: at,
      lastAt: at,
    });
  }

  it("counts what each rule let pass in the period", () => {
    const [policy] = result.policies;
    expect(policy?.rules.map(({ rule, statements }) => [rule, statements])).toEqual([
      ["read", 3],
      ["stock", 1],
      ["old", 0],
      ["cut", 1],
      ["renamed", 1],
    ]);
    expect(policy?.rules[2]?.lastAt).toBeNull();
    expect(result.statements).toBe(6);
  });

  it("names unused tables, and unused columns of those that are used", () => {
    const unused = result.policies[0]?.rules[0]?.unused;
    expect(unused?.tables).toContain("shop.items");
    expect(unused?.tables).not.toContain("shop.orders");
    expect(unused?.columns).toContain("shop.orders.city");
    expect(unused?.columns).not.toContain("shop.orders.total");
  });

  it("offers the policy without them", () => {
    expect(result.policies[0]?.narrowed?.rules).toEqual([
      {
        name: "read",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.orders", "shop.people"],
        columns: ["shop.orders.id", "shop.orders.total", "shop.people.id"],
      },
      {
        name: "stock",
        effect: "allow",
        statements: ["update"],
        tables: ["shop.products"],
        columns: ["shop.products.id", "shop.products.price"],
      },
      { name: "cut", effect: "allow", statements: ["select"], tables: ["shop.items"], columns: ["shop.items.id"] },
      {
        name: "renamed",
        effect: "allow",
        statements: ["insert"],
        tables: ["shop.scratch"],
        columns: ["shop.scratch.id"],
      },
    ]);
  });

  it("says it of each identity, and who was let in and never came", () => {
    expect(result.identities.map(({ name, statements }) => [name, statements])).toEqual([["orders-agent", 6]]);
    expect(result.identities[0]?.grants.map(({ rule, statements }) => [rule, statements])).toEqual([
      ["read", 3],
      ["stock", 1],
      ["old", 0],
      ["cut", 1],
      ["renamed", 1],
    ]);
    expect(result.idle.map(({ id }) => id)).toEqual([idle]);
    expect(result.neverSeen).toEqual([{ policy: "agents", binding: "client_id nobody" }]);
  });
});
