import { describe, expect, it } from "vitest";
import { columnPattern, splitPattern, tablePattern } from "./pattern";

const table = (text: string) => {
  const [schema = "", name = ""] = text.split(".");
  return { schema, table: name };
};
const column = (text: string) => {
  const [schema = "", name = "", last = ""] = text.split(".");
  return { schema, table: name, column: last };
};

describe("table patterns", () => {
  it.each([
    ["shop.orders", "shop.orders", true],
    ["shop.orders", "shop.Orders", false],
    ["shop.orders", "shop2.orders", false],
    ["shop.*", "shop.orders", true],
    ["shop.*", "shop_archive.orders", false],
    ["shop*.*", "shop_archive.orders", true],
    ["*.orders", "any.orders", true],
    ["shop.order*", "shop.order_items", true],
    ["shop.order*", "shop.reorder", false],
    ["shop.*_items", "shop.order_items", true],
    ["shop.o*r*s", "shop.orders", true],
    ["shop.o*r*s", "shop.os", false],
    ["shop.ab*ba", "shop.aba", false],
  ])("%s matches %s: %s", (pattern, name, expected) => {
    expect(tablePattern(pattern)?.matches(table(name))).toBe(expected);
  });

  it.each(["orders", "a.b.c", "", ".orders", "shop.", "`shop.orders"])("refuses %j", (text) => {
    expect(tablePattern(text)).toBeNull();
  });

  it("takes a back-quoted part with a dot as one name", () => {
    expect(splitPattern("shop.`odd.name`")).toEqual(["shop", "odd.name"]);
    expect(tablePattern("shop.`odd.name`")?.matches({ schema: "shop", table: "odd.name" })).toBe(true);
  });
});

describe("column patterns", () => {
  it("compare columns without case and tables with case", () => {
    expect(columnPattern("shop.customers.SSN")?.matches(column("shop.customers.ssn"))).toBe(true);
    expect(columnPattern("shop.Customers.ssn")?.matches(column("shop.customers.ssn"))).toBe(false);
  });

  it("know exclusions", () => {
    expect(columnPattern("!shop.customers.notes")).toMatchObject({ negated: true, text: "!shop.customers.notes" });
  });

  it.each(["shop.customers", "ssn", "!", "a.b.c.d"])("refuse %j", (text) => {
    expect(columnPattern(text)).toBeNull();
  });
});
