import { describe, expect, it } from "vitest";
import { mask } from "@/lib/masking/mask";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { maskWarnings } from "./mask-warnings";

const CATALOGUE = compileCatalogue(SHOP);
const warnings = (...entries: object[]) =>
  maskWarnings(
    entries.map((one) => mask.parse(one)),
    CATALOGUE,
  ).map((one) => `${one.path.join(".")}: ${one.message}`);

describe("masks that can not do what is wanted of them", () => {
  it.each<[string, object, string[]]>([
    ["a column that is there", { column: "shop.people.secret", method: "redact" }, []],
    ["a wildcard that finds one", { column: "*.*.SECRET", method: "token", predicates: "equality" }, []],
    [
      "a misspelt column",
      { column: "shop.people.secrt", method: "redact" },
      ["0.column: no column that is known matches shop.people.secrt; did you mean shop.people.secret?"],
    ],
    [
      "a misspelt table",
      { column: "shop.poeple.secret", method: "redact" },
      ["0.column: no table or view that is known matches shop.poeple.secret; did you mean shop.people.secret?"],
    ],
    [
      "a name that nothing resembles",
      { column: "*.*.fingerprint", method: "redact" },
      ["0.column: no column that is known matches *.*.fingerprint: nothing is masked by it"],
    ],
    ["a year of a date", { column: "shop.people.born", method: "year" }, []],
    [
      "a year of text",
      { column: "shop.people.name", method: "year" },
      ["0.method: year does not fit shop.people.name (varchar): redacted instead"],
    ],
    [
      "buckets of several columns that are no numbers",
      { column: "shop.people.*", method: "bucket", options: { size: 10 } },
      ["0.method: bucket does not fit shop.people.name (varchar) and 4 more: redacted instead"],
    ],
    [
      "an e-mail of a number",
      { column: "shop.orders.total", method: "email" },
      ["0.method: email does not fit shop.orders.total (decimal): redacted instead"],
    ],
    ["paths of a document", { column: "shop.products.attributes", method: "redact", options: { paths: ["$.a"] } }, []],
    [
      "paths of a number",
      { column: "shop.products.price", method: "redact", options: { paths: ["$.a"] } },
      [
        "0.options.paths: paths are for JSON documents, not for shop.products.price (decimal): the whole value is masked",
      ],
    ],
  ])("are told of: %s", (_, entry, expected) => {
    expect(warnings(entry)).toEqual(expected);
  });

  it("are judged by the columns for which they count, not by those that a more specific mask has", () => {
    const wide = { column: "shop.staff.*", method: "bucket", options: { size: 1000 } };
    const names = ["id", "name", "band", "boss_id", "label"].map((name) => ({
      column: `shop.staff.${name}`,
      method: "redact",
    }));
    expect(warnings(wide)).toHaveLength(1);
    expect(warnings(wide, ...names)).toEqual([]);
  });
});
