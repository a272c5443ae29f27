import { describe, expect, it } from "vitest";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { CatalogueSnapshot, CatalogueTable } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { PASSWORD_PLACEHOLDER } from "./names";
import { restrictedScript, type ScriptInput } from "./script";

const masks = (...names: readonly string[]) => {
  const set = new Set(names);
  return (column: BaseColumn) => set.has(`${column.schema}.${column.table}.${column.column}`);
};

const script = (over: Partial<ScriptInput> = {}) =>
  restrictedScript({
    catalogue: SHOP,
    isMasked: masks("shop.people.secret", "shop.staff.pay"),
    user: "clean",
    host: "10.0.0.%",
    flavour: "mariadb",
    schemas: ["shop", "other"],
    ...over,
  });

/** Statements alone, in order. */
const statements = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("-- "));
const grantOn = (text: string, scope: string) => statements(text).find((line) => line.includes(` ON ${scope} `));

function withTable(table: Partial<CatalogueTable>): CatalogueSnapshot {
  const [people] = SHOP.tables;
  if (people === undefined) throw new Error("the shop has tables");
  return { ...SHOP, tables: [...SHOP.tables, { ...people, ...table }] };
}

describe("the script for the restricted account", () => {
  it("makes the account without a password in it, takes everything away, and then grants", () => {
    const [create, revoke, ...grants] = statements(script());
    expect(create).toBe(`CREATE USER IF NOT EXISTS \`clean\`@\`10.0.0.%\` IDENTIFIED BY ${PASSWORD_PLACEHOLDER};`);
    expect(revoke).toBe("REVOKE ALL PRIVILEGES, GRANT OPTION FROM `clean`@`10.0.0.%`;");
    expect(grants.length).toBeGreaterThan(5);
    expect(grants.every((line) => /^GRANT .* TO `clean`@`10\.0\.0\.%`;$/u.test(line))).toBe(true);
  });

  it("grants single columns where some are masked, and writes on the whole table", () => {
    expect(grantOn(script(), "`shop`.`people`")).toBe(
      "GRANT SELECT (`id`, `name`, `mail`, `born`, `notes`, `row_version`), INSERT, UPDATE, DELETE ON `shop`.`people` TO `clean`@`10.0.0.%`;",
    );
    expect(grantOn(script(), "`shop`.`orders`")).toMatch(/^GRANT SELECT, INSERT, UPDATE, DELETE ON/u);
  });

  it("withholds a generated column that is computed from a masked one, and says why", () => {
    expect(grantOn(script(), "`shop`.`staff`")).toContain("SELECT (`id`, `name`, `boss_id`)");
    expect(script()).toContain("-- staff without pay, band (computed from pay), label (computed from pay)");
  });

  const made = (name: string, generated: string | null) => ({
    ...{ name, generated, dataType: "varchar", columnType: "varchar(9)" },
    ...{ nullable: true, hasDefault: false, invisible: false },
  });
  const chain = [
    made("last", "upper(`middle`)"),
    made("secret", null),
    made("middle", "left(`secret`,3)"),
    made("free", null),
    made("twice", "concat(`free`,`free`)"),
  ];

  it("withholds generated columns that are computed from other generated ones", () => {
    const catalogue = withTable({ name: "chain", columns: chain });
    const text = script({ catalogue, isMasked: masks("shop.chain.secret") });
    expect(grantOn(text, "`shop`.`chain`")).toContain("SELECT (`free`, `twice`)");
    expect(text).toContain("-- chain without last (computed from secret), secret, middle (computed from secret)");
  });

  it("withholds generated columns that are not understood, where anything is masked", () => {
    const catalogue = withTable({ name: "chain", columns: [...chain, made("odd", "nobody_knows(`free`")] });
    const text = script({ catalogue, isMasked: masks("shop.chain.secret") });
    expect(grantOn(text, "`shop`.`chain`")).toContain("SELECT (`free`), ");
  });

  it.each([
    ["v_ident", "selects a masked column under another name"],
    ["v_tag", "reads it through another view"],
    ["v_filtered", "only filters by it"],
    ["v_broken", "is not understood"],
  ])("grants nothing on the view %s, which %s", (view) => {
    expect(grantOn(script(), `\`shop\`.\`${view}\``)).toBeUndefined();
    expect(script()).toContain(`-- No grant on the view ${view}: `);
  });

  it("grants views that leave masked columns alone, unless a mask names a column of the view", () => {
    expect(grantOn(script(), "`shop`.`v_names`")).toMatch(/^GRANT SELECT,/u);
    const text = script({ isMasked: masks("shop.people.secret", "shop.v_names.name") });
    expect(grantOn(text, "`shop`.`v_names`")).toBeUndefined();
  });

  it("withholds a view that calls a stored function", () => {
    const definition = "select `shop`.`label_of`(1) AS `id` from `shop`.`orders`";
    const catalogue = withTable({
      name: "v_call",
      kind: "view",
      definition,
      columns: SHOP.tables[0]?.columns.slice(0, 1) ?? [],
    });
    expect(grantOn(script({ catalogue }), "`shop`.`v_call`")).toBeUndefined();
    expect(script({ catalogue })).toContain("No grant on the view v_call: the view calls");
  });

  it("grants a schema as a whole where nothing in it is masked, with its wildcards escaped", () => {
    expect(grantOn(script(), "`other`.*")).toMatch(/^GRANT SELECT, INSERT, UPDATE, DELETE/u);
    expect(script()).toContain("Tables that are added to it later are covered too");
    const catalogue = { ...SHOP, schemas: ["my_app%"], tables: [] };
    expect(script({ catalogue, schemas: ["my_app%"] })).toContain("ON `my\\_app\\%`.* TO");
  });

  it("never grants a schema as a whole that holds a view it can not understand", () => {
    const text = script({ isMasked: () => false });
    expect(grantOn(text, "`shop`.*")).toBeUndefined();
    expect(grantOn(text, "`shop`.`v_ident`")).toBeDefined();
  });

  it("grants no reading of a table of which everything is masked", () => {
    const isMasked = (column: BaseColumn) => column.schema === "other";
    expect(grantOn(script({ isMasked }), "`other`.`people`")).toMatch(/^GRANT INSERT, UPDATE, DELETE ON/u);
    expect(grantOn(script({ isMasked, readsOnly: true }), "`other`.`people`")).toBeUndefined();
  });

  it("grants reads only when asked", () => {
    const grants = statements(script({ readsOnly: true })).slice(2);
    expect(grants.filter((line) => /INSERT|UPDATE|DELETE/u.test(line))).toEqual([]);
    expect(grantOn(script({ readsOnly: true }), "`shop`.`orders`")).toMatch(/^GRANT SELECT ON/u);
  });

  it("gives no global privilege and no EXECUTE, and names routines and triggers to look at", () => {
    const text = script();
    expect(statements(text).join("\n")).not.toMatch(/EXECUTE|FILE|SUPER|PROCESS|\*\.\*|WITH GRANT/u);
    expect(text).toContain("-- shop.label_of (function, definer)");
    expect(text).toContain("-- shop.people_au, after update on people");
  });

  it("quotes names, and lets none of them leave its place", () => {
    const catalogue = withTable({ name: "a`b'; DROP TABLE x; --" });
    const text = script({ catalogue, user: "o`mally" });
    expect(text).toContain("GRANT SELECT, INSERT, UPDATE, DELETE ON `shop`.`a``b'; DROP TABLE x; --` TO `o``mally`@");
    const hostile = withTable({ name: "x\nDROP TABLE y;\u2028--" });
    const lines = script({ catalogue: hostile }).split("\n");
    expect(lines.filter((line) => line.includes("DROP TABLE"))).toEqual([
      "-- x?DROP TABLE y;?-- is left out: a name holds a control character.",
    ]);
    expect(() => script({ user: "a\nb" })).toThrow(RangeError);
  });

  it("says which schemas the server does not have", () => {
    expect(script({ schemas: ["shop", "gone"] })).toContain("-- Schema gone is left out");
  });

  it("is the same text whatever the order of the catalogue", () => {
    const turned = { ...SHOP, tables: [...SHOP.tables].reverse(), routines: [...SHOP.routines].reverse() };
    expect(script({ catalogue: turned, schemas: ["other", "shop"] })).toBe(script());
  });

  it("tells what is special about passwords on MySQL, and writes the same grants", () => {
    const mysql = script({ flavour: "mysql" });
    expect(mysql).toContain("IDENTIFIED BY RANDOM PASSWORD");
    expect(script()).not.toContain("RANDOM PASSWORD");
    expect(statements(mysql)).toEqual(statements(script()));
  });
});
