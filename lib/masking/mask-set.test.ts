import { describe, expect, it } from "vitest";
import type { BaseColumn } from "@/lib/sql/analysis";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { type Mask, mask } from "./mask";
import { compileMasks, masksOfCatalogue, patternKey } from "./mask-set";

const about = (column: string, more: Partial<Mask> = {}): Mask => mask.parse({ column, method: "redact", ...more });
const column = (text: string): BaseColumn => {
  const [schema = "", table = "", name = ""] = text.split(".");
  return { schema, table, column: name };
};
const SSN = "shop.customers.ssn";

describe("the mask that counts for a column", () => {
  it.each<[string, string[], string | null]>([
    ["none when no pattern matches", ["shop.orders.ssn", "other.*.*"], null],
    ["the only one that matches", ["*.*.email", "*.*.ssn"], "*.*.ssn"],
    ["a column's name before a wildcard, wherever the rest is wild", ["shop.customers.*", "*.*.ssn"], "*.*.ssn"],
    ["then a table's name", ["shop.*.ssn", "*.customers.ssn"], "*.customers.ssn"],
    ["then a schema's name", ["*.customers.ssn", SSN], SSN],
    ["then the longer text outside of the wildcards", ["shop.cust*.ssn", "shop.c*s.ssn"], "shop.cust*.ssn"],
    ["then the order of the texts", ["shop.*omers.ssn", "shop.custo*.ssn"], "shop.*omers.ssn"],
    ["a column's name in any case", ["shop.customers.SSN", "shop.customers.*"], "shop.customers.SSN"],
    ["a name in any case, for servers fold them", ["Shop.Customers.ssn", "*.*.*"], "Shop.Customers.ssn"],
    ["a back-quoted name as the name", ["shop.`customers`.`ssn`", "shop.customers.*"], "shop.`customers`.`ssn`"],
  ])("is %s", (_, patterns, expected) => {
    for (const order of [patterns, patterns.toReversed()]) {
      const set = compileMasks(
        order.map((one) => about(one)),
        [],
      );
      expect(set.configured(column(SSN))?.column ?? null).toBe(expected);
      expect(set.maskOf(column(SSN))?.column ?? null).toBe(expected);
      expect(set.exemption(column(SSN))).toBeNull();
    }
  });

  it("counts alone: its exemption holds though a wider mask has none, and the wider one's does not help", () => {
    const narrow = about(SSN, { exempt: ["fraud", "legal"] });
    const wide = about("*.*.ssn", { exempt: ["support"] });
    const of = (...groups: string[]) => compileMasks([wide, narrow], groups);
    expect(of("legal", "x").maskOf(column(SSN))).toBeNull();
    expect(of("legal", "x").exemption(column(SSN))).toEqual({ mask: narrow, groups: ["legal"] });
    expect(of("legal").configured(column(SSN))).toBe(narrow);
    expect(of("support").maskOf(column(SSN))).toBe(narrow);
    expect(of("support").exemption(column(SSN))).toBeNull();
    expect(of("support").maskOf(column("shop.staff.ssn"))).toBeNull();
    expect(of("support").exemption(column("shop.staff.ssn"))).toEqual({ mask: wide, groups: ["support"] });
    expect(of("support").exemption(column("shop.staff.name"))).toBeNull();
  });

  it("is the same when it is asked again for the same column object", () => {
    const set = compileMasks([about("*.*.ssn"), about(SSN)], []);
    const one = column(SSN);
    expect(set.configured(one)).toBe(set.configured(one));
    expect(set.configured(one)).toBe(set.configured(column(SSN)));
  });

  it("is everything's when a pattern came past the schema and can not be read", () => {
    const set = compileMasks([{ ...about(SSN), column: "nonsense" }], []);
    expect(set.maskOf(column("a.b.c"))?.method).toBe("redact");
  });

  it("is nothing's where there are no masks", () => {
    expect(compileMasks([], ["a"]).isEmpty).toBe(true);
    expect(compileMasks([about(SSN)], []).isEmpty).toBe(false);
  });
});

describe("the masks of a catalogue", () => {
  it("are those of its columns, views included, each with the one that counts", () => {
    const found = masksOfCatalogue(
      [about("shop.people.secret"), about("shop.people.*", { method: "null" }), about("nowhere.*.*")],
      compileCatalogue(SHOP),
    );
    expect(found.map((one) => `${one.column.column} ${one.mask.method}`)).toEqual([
      "id null",
      "name null",
      "mail null",
      "secret redact",
      "born null",
      "notes null",
      "row_version null",
    ]);
    const view = masksOfCatalogue([about("*.*.id")], compileCatalogue(SHOP)).map((one) => one.column.table);
    expect(view).toContain("people");
    expect(masksOfCatalogue([], compileCatalogue(SHOP))).toEqual([]);
  });
});

describe("two spellings of a pattern", () => {
  it.each([
    ["shop.customers.ssn", "shop.customers.SSN", true],
    ["shop.customers.ssn", "`shop`.`customers`.ssn", true],
    ["shop.customers.ssn", "shop.Customers.ssn", false],
    ["a.b.c", "`a.b`.c.c", false],
  ])("%s and %s are one: %s", (a, b, same) => {
    expect(patternKey(a) === patternKey(b)).toBe(same);
  });
});
