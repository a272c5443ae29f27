import { describe, expect, it } from "vitest";
import { compileCatalogue, foldColumn } from "./catalogue";
import { withoutIntroducers } from "./lineage/catalogue-text";
import { SHOP, SHOP_CATALOGUE } from "./shop.fixture";

describe("the compiled catalogue", () => {
  it("finds tables in exactly the spelling the server takes", () => {
    expect(SHOP_CATALOGUE.table("shop", "people")?.base).toEqual({ schema: "shop", table: "people" });
    expect(SHOP_CATALOGUE.table("shop", "People")).toBeNull();
    expect(SHOP_CATALOGUE.table("Shop", "people")).toBeNull();
    const folding = compileCatalogue({ ...SHOP, lowerCaseTableNames: 2 });
    expect(folding.table("SHOP", "PEOPLE")?.base).toEqual({ schema: "shop", table: "people" });
    expect(folding.sameName("A", "a")).toBe(true);
    expect(SHOP_CATALOGUE.sameName("A", "a")).toBe(false);
  });

  it("knows no table when two would fold to the same name", () => {
    const [people, ...others] = SHOP.tables;
    if (people === undefined) throw new Error("the fixture is empty");
    const twice = {
      ...SHOP,
      lowerCaseTableNames: 1 as const,
      tables: [people, { ...people, name: "PEOPLE" }, ...others],
    };
    expect(compileCatalogue(twice).table("shop", "people")).toBeNull();
  });

  it("finds columns without case, but only by their own bytes outside ASCII", () => {
    const people = SHOP_CATALOGUE.table("shop", "people");
    expect(people?.byName.get(foldColumn("SECRET"))?.base.column).toBe("secret");
    expect(people?.byName.has(foldColumn("\u212Aey"))).toBe(false);
    expect(foldColumn("GRÖSSE")).toBe("grÖsse");
  });

  it("gives the same object for the same column every time", () => {
    const column = () => SHOP_CATALOGUE.table("shop", "people")?.columns[0]?.base;
    expect(column()).toBe(column());
  });

  it("knows which columns compare with a number as a number", () => {
    const textual = SHOP_CATALOGUE.table("shop", "people")?.columns.map((column) => column.textual);
    expect(textual).toEqual([false, true, true, true, false, true, false]);
  });

  it("attaches triggers to their table", () => {
    expect(SHOP_CATALOGUE.table("shop", "people")?.triggers.map((trigger) => trigger.name)).toEqual(["people_au"]);
    expect(SHOP_CATALOGUE.table("shop", "orders")?.triggers).toEqual([]);
  });
});

describe("texts of the catalogue", () => {
  it.each([
    ["concat(`a`,_utf8mb4'/',`b`)", "concat(`a`,'/',`b`)"],
    ["_latin1'it''s _utf8mb4'", "'it''s _utf8mb4'"],
    ["`_utf8mb4` + '_utf8mb4' + x_utf8mb4'y'", "`_utf8mb4` + '_utf8mb4' + x_utf8mb4'y'"],
    ["'a\\'_utf8mb4' || _utf8mb4'b'", "'a\\'_utf8mb4' || 'b'"],
  ])("%s loses its introducers only", (text, expected) => {
    expect(withoutIntroducers(text)).toBe(expected);
  });
});
