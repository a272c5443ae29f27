import { describe, expect, it } from "vitest";
import { understand } from "@/lib/policy/understand";
import { type CatalogueSnapshot, compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import type { TemplateFacts } from "../session/ports";
import { templateFacts } from "./template-facts";
import { ToldTemplates } from "./told-templates";

function understood(sql: string, snapshot: CatalogueSnapshot = SHOP) {
  const catalogue = compileCatalogue(snapshot);
  const result = understand(Buffer.from(sql), {
    dialect: "mariadb",
    catalogue,
    defaultSchema: "shop",
    pipesAsConcat: false,
  });
  if (!result.ok) throw new Error(result.message);
  return result;
}

function facts(sql: string) {
  const { tables, reads, uses, writes } = templateFacts("shop", "shop", understood(sql));
  return { tables, reads, uses, writes };
}

describe("what a template touches", () => {
  it("is, of a join, both tables, what is shown and what it goes by", () => {
    expect(
      facts(
        "SELECT p.name, SUM(o.total) FROM people p JOIN orders o ON o.person_id = p.id WHERE o.city = 'x' GROUP BY p.name",
      ),
    ).toEqual({
      tables: ["shop.orders", "shop.people"],
      reads: ["shop.orders.total", "shop.people.name"],
      // A sum can overflow: it tells of its column otherwise than by its value, too.
      uses: ["shop.orders.city", "shop.orders.person_id", "shop.orders.total", "shop.people.id", "shop.people.name"],
      writes: [],
    });
  });

  it("is, of a view, the view and the base columns in it", () => {
    const view = SHOP.tables.find(({ kind, schema }) => kind === "view" && schema === "shop");
    const { tables, reads } = facts(`SELECT * FROM ${view?.name}`);
    expect(tables).toContain(`shop.${view?.name}`);
    expect(tables.length).toBeGreaterThan(1);
    expect(reads.length).toBeGreaterThan(0);
    for (const column of reads) expect(column.startsWith(`shop.${view?.name}.`)).toBe(false);
  });

  it("is, of a CTE, what it is made of", () => {
    expect(facts("WITH big AS (SELECT person_id AS who FROM orders WHERE total > 5) SELECT who FROM big")).toEqual({
      tables: ["shop.orders"],
      reads: ["shop.orders.person_id"],
      uses: ["shop.orders.total"],
      writes: [],
    });
  });

  it("is, of writes, the written columns and what they come from", () => {
    expect(facts("UPDATE people SET name = mail WHERE id = 1")).toEqual({
      tables: ["shop.people"],
      reads: [],
      uses: ["shop.people.id", "shop.people.mail"],
      writes: ["shop.people.name"],
    });
    expect(facts("INSERT INTO orders (id, city) SELECT id, name FROM people")).toMatchObject({
      tables: ["shop.orders", "shop.people"],
      reads: [],
      uses: ["shop.people.id", "shop.people.name"],
      writes: ["shop.orders.city", "shop.orders.id"],
    });
    expect(facts("DELETE FROM items WHERE order_id = 3")).toMatchObject({
      tables: ["shop.items"],
      reads: [],
      uses: ["shop.items.order_id"],
    });
  });

  it("is, of EXPLAIN, columns that are used and none that is read", () => {
    expect(facts("EXPLAIN SELECT name FROM people WHERE id = 1")).toEqual({
      tables: ["shop.people"],
      reads: [],
      uses: ["shop.people.id", "shop.people.name"],
      writes: [],
    });
  });

  it("is nothing of statements without tables", () => {
    expect(facts("COMMIT")).toEqual({ tables: [], reads: [], uses: [], writes: [] });
    expect(facts("SELECT 1 + 1")).toEqual({ tables: [], reads: [], uses: [], writes: [] });
  });

  it("comes with the text that people read, at most 64 KiB of it", () => {
    const { text, statementClass, templateHash } = templateFacts(
      "shop",
      null,
      understood("select name from people where id=5"),
    );
    expect(text).toBe("SELECT name FROM people WHERE id = ?");
    expect(statementClass).toBe("select");
    expect(templateHash).toMatch(/^[0-9a-f]{64}$/);
    const canonical = { server: "", unchanged: true, template: "", templateHash: "", literals: [] };
    const long = { ...understood("SELECT 1"), canonical: { ...canonical, pattern: `x${"ä".repeat(40_000)}` } };
    const cut = templateFacts("shop", null, long).text;
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(64 * 1024);
    expect(Buffer.byteLength(cut)).toBe(64 * 1024 - 1);
    expect(cut).not.toContain("\ufffd");
  });
});

describe("templates are told", () => {
  it("once for a connection and a schema, and again when the catalogue changes what they touch", () => {
    const told: TemplateFacts[] = [];
    const templates = new ToldTemplates((one) => told.push(one));
    const sql = "SELECT * FROM products WHERE id = 1";
    templates.tell("shop", "shop", understood(sql));
    templates.tell("shop", "shop", understood("SELECT * FROM products WHERE id = 2"));
    expect(told).toHaveLength(1);
    templates.tell("shop", "other", understood(sql));
    templates.tell("copy", "shop", understood(sql));
    expect(told).toHaveLength(3);
    const changed = {
      ...SHOP,
      tables: SHOP.tables.map((one) =>
        one.name === "products" ? { ...one, columns: one.columns.filter(({ name }) => name !== "sku") } : one,
      ),
    };
    templates.tell("shop", "shop", understood(sql, changed));
    templates.tell("shop", "shop", understood(sql, changed));
    expect(told).toHaveLength(4);
    expect(told[0]?.reads).toContain("shop.products.sku");
    expect(told[3]?.reads).not.toContain("shop.products.sku");
  });
});
