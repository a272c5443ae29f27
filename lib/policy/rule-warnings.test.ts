import { describe, expect, it } from "vitest";
import { type CatalogueColumn, compileCatalogue } from "@/lib/sql/catalogue";
import { ruleList } from "./rule";
import { ruleWarnings } from "./rule-warnings";

const column = (name: string): CatalogueColumn => ({
  name,
  dataType: "int",
  columnType: "int(11)",
  nullable: true,
  hasDefault: false,
  generated: null,
  invisible: false,
});
const CATALOGUE = compileCatalogue({
  flavour: "mariadb",
  serverVersion: "10.11.6-MariaDB",
  lowerCaseTableNames: 0,
  sqlMode: "",
  schemas: ["shop"],
  tables: [
    {
      schema: "shop",
      name: "orders",
      kind: "table",
      columns: [column("id"), column("total")],
      primaryKey: ["id"],
      indexes: [],
      definition: null,
    },
  ],
  routines: [],
  triggers: [],
});
const warnings = (...rules: object[]) =>
  ruleWarnings(ruleList.parse(rules), CATALOGUE, "shop").map((one) => `${one.path.join(".")}: ${one.message}`);

describe("rules that can not do what they say", () => {
  it("are not those that match something", () => {
    expect(
      warnings(
        { name: "a", effect: "allow", statements: ["read"], tables: ["shop.*", "s*.ord*"], columns: ["!shop.*.Total"] },
        { name: "b", effect: "allow", template: "SELECT total FROM orders WHERE id = ?" },
      ),
    ).toEqual([]);
  });

  it("name tables and columns that are not there, each at its place", () => {
    expect(
      warnings({
        name: "a",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.orders", "shop.ordrs", "Shop.*"],
        columns: ["shop.orders.notes"],
        where: ["shop.items.id"],
      }),
    ).toEqual([
      "0.tables.1: no table or view that is known matches shop.ordrs: nothing of it can be matched",
      "0.tables.2: no table or view that is known matches Shop.*: nothing of it can be matched",
      "0.columns.0: no column that is known matches shop.orders.notes",
      "0.where.0: no table or view that is known matches shop.items.id",
    ]);
  });

  it("have templates that are not understood, or have fewer placeholders than values are described", () => {
    const template = (text: string, parameters?: object[]) => ({
      name: "a",
      effect: "allow",
      template: text,
      ...(parameters === undefined ? {} : { parameters }),
    });
    expect(warnings(template("SELECT total FROM"))).toEqual([
      expect.stringMatching(/^0\.template: the template can not/),
    ]);
    expect(warnings(template("SELECT nothing FROM orders"))).toEqual([expect.stringContaining("nothing is not known")]);
    expect(warnings(template("SELECT id FROM orders WHERE id = ?", [{}, {}]))).toEqual([
      expect.stringContaining("it has 1 placeholders, and parameters describes 2"),
    ]);
    expect(warnings(template("SET NAMES utf8mb4"))).toEqual([expect.stringContaining("not by templates")]);
  });
});
