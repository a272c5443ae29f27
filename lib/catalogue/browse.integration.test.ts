import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { newId } from "@/lib/ids";
import { createPolicy } from "@/lib/policy/create-policy";
import { checkDraft } from "@/lib/policy/draft/check-draft";
import type { Rule } from "@/lib/policy/rule";
import { SHOP } from "@/lib/sql/shop.fixture";
import { findNames, readSchemaTree, readTable } from "./browse";
import { storeCatalogue } from "./store";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

describe("the catalogue as people look at it", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  let connection: string;

  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    connection = `c${newId().slice(-12).toLowerCase()}`;
    const made = await createConnection(admin, {
      name: connection,
      host: "h",
      user: "u",
      password: "p",
      schema: "shop",
    });
    connectionId = made.id;
  });
  const read = () => storeCatalogue(store.db, connectionId, SHOP, new Date());
  const names = async (kind: string, q: string) =>
    (await findNames(admin, connectionId, { kind, q })).map((one) => one.value);

  it("says that nothing was read yet, and offers no names", async () => {
    expect(await readSchemaTree(admin, connectionId)).toEqual({ known: null, checkedAt: null, lastError: null });
    expect(await names("table", "")).toEqual([]);
    expect(await checkDraft(admin, { connection, rules: [] })).toMatchObject({ schemaKnown: false });
  });

  it("lists schemas and tables by name, the server's own schema last", async () => {
    await read();
    const { known } = await readSchemaTree(ctxOf(store.db, "reviewer"), connectionId);
    expect(known?.schemas.map((one) => one.name)).toEqual(["other", "shop", "information_schema"]);
    expect(known?.schemas[1]?.tables.slice(0, 2)).toEqual([
      { name: "items", kind: "table", columns: 5 },
      { name: "orders", kind: "table", columns: 6 },
    ]);
  });

  it("finds tables and columns by the beginning of their short name first, the default schema before others", async () => {
    await read();
    expect((await names("table", "peo")).slice(0, 2)).toEqual(["shop.people", "other.people"]);
    expect(await names("column", "shop.orders.st")).toEqual(["shop.orders.status"]);
    expect((await names("column", "PAY"))[0]).toBe("shop.staff.pay");
    expect(await names("table", "no such")).toEqual([]);
  });

  it("tells which rules are about a table: by its name, by its columns, by a template, and those about everything", async () => {
    await read();
    const select = { effect: "allow", statements: ["select"] } as const;
    const rules: Rule[] = [
      { name: "by pattern", ...select, statements: ["select"], tables: ["shop.or*"] },
      { name: "another table", ...select, statements: ["select"], tables: ["shop.people"] },
      { name: "by column", effect: "deny", columns: ["shop.orders.total"] },
      { name: "another column", effect: "deny", columns: ["shop.people.secret"] },
      { name: "by template", effect: "review", template: "UPDATE orders SET status = ? WHERE id = ?" },
      { name: "everything", effect: "deny", statements: ["ddl"] },
    ];
    await createPolicy(admin, { name: `p-${connection}`, connectionId, identities: [], rules });
    const detail = await readTable(admin, connectionId, { schema: "shop", table: "orders" });
    expect(detail.table.columns).toHaveLength(6);
    expect(detail.rules.map((one) => [one.rule, one.named])).toEqual([
      ["by pattern", true],
      ["by column", true],
      ["by template", true],
      ["everything", false],
    ]);
    await expect(readTable(admin, connectionId, { schema: "shop", table: "nope" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("checks a draft's names and templates, passing over rules that are not finished", async () => {
    await read();
    const found = await checkDraft(admin, {
      connection,
      rules: [
        { name: "" },
        { name: "a", effect: "allow", statements: ["select"], tables: ["shop.orders", "shop.ordres"] },
        { name: "b", effect: "allow", template: "SELECT id FROM orders WHERE id = ? AND status = 'open'" },
        { name: "c", effect: "allow", template: "SELECT nothing FROM orders" },
      ],
    });
    expect(found.warnings.map((one) => one.path)).toEqual([["rules", 1, "tables", 1]]);
    expect(found.templates).toMatchObject({ 2: { ok: true, placeholders: 1 }, 3: { ok: false } });
  });
});
