import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf, insertIdentity } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { storeCatalogue } from "@/lib/catalogue/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { SHOP } from "@/lib/sql/shop.fixture";
import { createPolicy } from "./create-policy";
import { type Simulation, simulate } from "./simulate";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const AS_AGENT = { client_id: "agent" };

describe("the simulator", () => {
  let store: TestStore;
  let ctx: Ctx;
  let identityId: string;
  beforeAll(async () => {
    store = await createTestStore();
    const admin = ctxOf(store.db, "admin");
    ctx = ctxOf(store.db, "auditor");
    identityId = await insertIdentity(store.db, "agent");
    const connection = await createConnection(admin, {
      name: "shop",
      host: "h",
      user: "u",
      password: "p",
      schema: "shop",
    });
    await createConnection(admin, { name: "unread", host: "h", user: "u", password: "p" });
    await storeCatalogue(store.db, connection.id, SHOP, new Date());
    const base = { connectionId: connection.id, identities: [AS_AGENT] };
    await createPolicy(admin, {
      ...base,
      name: "agents",
      rules: [
        {
          name: "read orders",
          effect: "allow",
          statements: ["select"],
          tables: ["shop.orders", "shop.people"],
          columns: ["shop.*.*", "!shop.people.secret"],
          max_limit: 100,
        },
        { name: "ship", effect: "allow", template: "UPDATE orders SET status = 'shipped' WHERE id = ?" },
      ],
    });
    await createPolicy(admin, {
      ...base,
      name: "careful",
      default: "review",
      rules: [{ name: "no products", effect: "deny", tables: ["shop.products"] }],
    });
  });
  afterAll(() => store.close());

  const ask = (sql: string, change: object = {}): Promise<Simulation> =>
    simulate(ctx, { connection: "shop", identity: AS_AGENT, sql, ...change });
  async function decided(sql: string, change: object = {}) {
    const { result } = await ask(sql, change);
    if (result.kind !== "decided") throw new Error(`${result.code}: ${result.message}`);
    return result;
  }

  it("shows how a statement is read and which rule decides", async () => {
    const simulation = await ask(
      "SELECT o.id, UPPER(c.name) AS who FROM orders o JOIN people c ON c.id = o.person_id LIMIT 50",
    );
    expect(simulation).toMatchObject({
      connection: { name: "shop", mode: "enforce", schema: "shop" },
      policies: ["agents", "careful"],
      catalogue: { lastError: null },
      result: {
        kind: "decided",
        verdict: { effect: "allow", policy: "agents", rule: "read orders" },
        nearest: null,
        statement: {
          class: "select",
          group: "read",
          subject: "analysed",
          sentAs: null,
          analysis: {
            tables: [
              { name: "shop.orders", access: "read", via: null },
              { name: "shop.people", access: "read" },
            ],
            reads: ["shop.orders.id", "shop.orders.person_id", "shop.people.id", "shop.people.name"],
            outputs: [
              { name: "id", flow: "direct", columns: ["shop.orders.id"] },
              { name: "who", flow: "derived", columns: ["shop.people.name"] },
            ],
            functions: [{ name: "upper", known: true }],
            limit: { present: true, rows: 50 },
          },
        },
      },
    });
  });

  it("says of every rule what it lacked, and which came nearest", async () => {
    const { verdict, nearest, rules } = await decided("SELECT name, secret FROM people LIMIT 500");
    expect(verdict).toMatchObject({ effect: "deny", policy: "agents", rule: null });
    expect(nearest).toContain('rule "read orders" would allow it');
    expect(rules).toMatchObject([
      {
        rule: "read orders",
        matched: false,
        decided: false,
        reasons: ["column shop.people.secret is excluded from its columns", "LIMIT must be at most 100"],
      },
      { rule: "ship", reasons: ["the statement is not its template"] },
      { rule: "no products", matched: false },
    ]);
  });

  it("takes a denial of any policy before a permission of another", async () => {
    const { verdict, rules } = await decided("SELECT id FROM products LIMIT 1");
    expect(verdict).toMatchObject({ effect: "deny", policy: "careful", rule: "no products" });
    expect(rules.filter((one) => one.decided).map((one) => one.rule)).toEqual(["no products"]);
  });

  it("takes placeholders for the best values there could be, and comments out of what is sent", async () => {
    const { verdict, statement } = await decided("UPDATE orders SET status = 'shipped' /* done */ WHERE id = ?");
    expect(verdict).toMatchObject({ effect: "allow", rule: "ship" });
    expect(statement.sentAs).not.toContain("done");
    expect(statement.template).toBe("UPDATE orders SET status = ? WHERE id = ?");
  });

  it("says where a statement is not understood", async () => {
    expect((await ask("SELECT id\nFROM nowhere")).result).toEqual({
      kind: "not_understood",
      code: "UNKNOWN_NAME",
      message: "the table shop.nowhere is not known",
      position: null,
    });
    expect((await ask("SELECT 'ä',\n  /*!1*/ id FROM orders")).result).toMatchObject({
      code: "executable_comment",
      position: { line: 2, column: 3 },
    });
    expect((await ask("SELECT 1; DELETE FROM orders")).result).toMatchObject({ code: "several_statements" });
  });

  it("reads unqualified names in the session's schema", async () => {
    expect((await ask("SELECT id FROM orders LIMIT 1", { schema: null })).result).toMatchObject({
      kind: "not_understood",
      code: "NO_SCHEMA_SELECTED",
    });
    expect((await decided("SELECT id FROM shop.orders LIMIT 1", { schema: null })).verdict.effect).toBe("allow");
  });

  it("knows somebody seen before by the id, and binds nobody whom no policy names", async () => {
    expect((await ask("SELECT 1", { identity: { id: identityId } })).policies).toEqual(["agents", "careful"]);
    expect((await ask("SELECT 1", { identity: { groups: ["x"], email: "a@b.c" } })).policies).toEqual([]);
  });

  it("asks drafts in place of what is published", async () => {
    const draft = {
      name: "agents",
      identities: [AS_AGENT],
      metadata: "allow",
      default: "deny",
      rules: [{ name: "all orders", effect: "allow", statements: ["select"], tables: ["shop.orders"] }],
    };
    const drafts = { policies: [draft] };
    expect((await decided("SELECT id FROM orders", { drafts })).verdict).toMatchObject({ rule: "all orders" });
    expect((await decided("SELECT id FROM products", { drafts })).verdict).toMatchObject({ rule: "no products" });
    const renamed = { policies: [{ ...draft, name: "new name" }], without: ["agents"] };
    expect((await ask("SELECT 1", { drafts: renamed })).policies).toEqual(["careful", "new name"]);
    const alone = { policies: [draft], without: "all" };
    expect((await ask("SELECT 1", { drafts: alone })).policies).toEqual(["agents"]);
    expect((await ask("SELECT 1")).policies).toEqual(["agents", "careful"]);
    const bad = { policies: [{ ...draft, rules: [{ name: "x", effect: "allow" }] }] };
    await expect(ask("SELECT 1", { drafts: bad })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "drafts.policies[0].rules[0].statements" }],
    });
  });

  it("takes masks that nobody has published, with policies or without", async () => {
    const drafts = { masks: [{ column: "shop.people.secret", method: "redact" }] };
    expect((await ask("SELECT id FROM orders LIMIT 1", { drafts })).policies).toEqual(["agents", "careful"]);
    const bad = { masks: [{ column: "shop.people.secret", method: "bucket" }] };
    await expect(ask("SELECT 1", { drafts: bad })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "drafts.masks[0].options.size" }],
    });
  });

  it("says that a schema was not read yet, and why", async () => {
    await expect(ask("SELECT 1", { connection: "unread" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(ask("SELECT 1", { connection: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is for those who may look at policies", async () => {
    await expect(
      simulate(ctxOf(store.db), { connection: "shop", identity: AS_AGENT, sql: "SELECT 1" }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
