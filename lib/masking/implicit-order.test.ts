import { describe, expect, it } from "vitest";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { tellingIndexes } from "./implicit-order";
import { mask } from "./mask";
import { compileMasks } from "./mask-set";

function telling(table: string, columns: readonly string[], masked: string, settings: object = {}): readonly string[] {
  const snapshot = {
    ...SHOP,
    tables: SHOP.tables.map((one) =>
      one.schema === "shop" && one.name === table
        ? { ...one, primaryKey: ["id"], indexes: [{ name: "k", unique: false, columns }] }
        : one,
    ),
  };
  const compiled = compileCatalogue(snapshot).table("shop", table);
  if (compiled === null) throw new Error(`no table ${table}`);
  const masks = compileMasks([mask.parse({ column: `shop.${table}.${masked}`, method: "null", ...settings })], []);
  return tellingIndexes(compiled, masks.maskOf).map(({ name, column }) => `${name} ${column.column}`);
}

describe("indexes that tell the order of a masked column", () => {
  it("begin with it", () => expect(telling("people", ["secret", "name"], "secret")).toEqual(["k secret"]));

  it("have it behind other columns: rows that agree in those are ordered by it", () => {
    expect(telling("people", ["name", "born", "secret"], "secret")).toEqual(["k secret"]);
  });

  it("have a column that is generated from it", () => {
    expect(telling("staff", ["band"], "pay")).toEqual(["k pay"]);
    expect(telling("staff", ["name", "band"], "pay")).toEqual(["k pay"]);
  });

  it("are none of those that have the primary key before it, or that do not have it", () => {
    expect(telling("people", ["id", "secret"], "secret")).toEqual([]);
    expect(telling("people", ["name", "born"], "secret")).toEqual([]);
  });

  it("are none where the mask lets the column be ordered by anyway", () => {
    expect(telling("people", ["secret"], "secret", { predicates: "any" })).toEqual([]);
  });
});
