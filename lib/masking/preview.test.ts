import { describe, expect, it } from "vitest";
import type { ColumnMask } from "./cell";
import { looksMasked } from "./looks-masked";
import { masks } from "./methods/methods.fixture";
import { previewOf } from "./preview";
import type { CatalogueColumn } from "./preview/column-type";

const column = (name: string, columnType: string): CatalogueColumn => ({
  name,
  columnType,
  dataType: columnType.split(/[( ]/)[0] ?? "",
});
const mask = (method: ColumnMask["method"], options: ColumnMask["options"] = {}): ColumnMask => ({ method, options });

const columns = [
  column("email", "varchar(120)"),
  column("card_number", "char(19)"),
  column("notes", "longtext"),
  column("tier", "enum('gold','it''s silver')"),
  column("tags", "set('a','b')"),
  column("salary", "int(10) unsigned"),
  column("small", "tinyint(4)"),
  column("big", "bigint(20)"),
  column("price", "decimal(10,2)"),
  column("tiny_price", "decimal(3,2) unsigned"),
  column("score", "float"),
  column("ratio", "double(9,3)"),
  column("born", "date"),
  column("seen_at", "datetime(3)"),
  column("opens", "time(1)"),
  column("since", "year(4)"),
  column("flags", "bit(3)"),
  column("photo", "varbinary(200)"),
  column("profile", "json"),
  column("id", "uuid"),
];

describe("the preview of a mask", () => {
  it.each([
    [mask("email"), columns[0], "a***@example.com"],
    [mask("partial", { keep_last: 4 }), columns[1], "************1111"],
    [mask("redact"), columns[2], "[redacted]"],
    [mask("redact"), columns[3], "[redacted]"],
    [mask("bucket", { size: 10_000 }), columns[5], "70000"],
    [mask("bucket", { size: 10_000 }), columns[8], "70000.00"],
    [mask("year"), columns[12], "1985-01-01"],
    [mask("year"), columns[13], "1985-01-01 00:00:00.000"],
    [mask("redact"), columns[16], "0"],
    [mask("redact"), columns[17], "[redacted]"],
    [mask("redact"), columns[18], '"[redacted]"'],
    [mask("null"), columns[0], null],
    [mask("redact"), column("place", "point"), null],
  ])("shows for %j what clients would see", (given, of, after) => {
    expect(of && previewOf(given, of)[0]?.after).toBe(after);
  });

  it("has made-up values by the column's name, spelled as clients see them", () => {
    const before = columns.map((one) => [one.name, previewOf(mask("redact"), one)[0]?.before]);
    expect(Object.fromEntries(before)).toMatchObject({
      email: "ada.lovelace@example.com",
      tier: "gold",
      small: "42",
      tiny_price: "7.50",
      seen_at: "1985-12-24 13:14:15.500",
      opens: "13:14:15.5",
      flags: "1",
      photo: "0x8f1b44c9",
    });
  });

  it("makes documents that have what the mask's paths name", () => {
    const paths = ["$.card.number", "$.items[*].email", "$.card.holder_name"];
    const [row] = previewOf(mask("redact", { paths }), column("profile", "json"));
    expect(JSON.parse(row?.before ?? "")).toEqual({
      id: 17,
      card: { number: expect.any(String), holder_name: "Ada Lovelace" },
      items: [{ email: "ada.lovelace@example.com" }, { email: "ada.lovelace@example.com" }],
    });
    expect(JSON.parse(row?.after ?? "")).toEqual({
      id: 17,
      card: { number: "[redacted]", holder_name: "[redacted]" },
      items: [{ email: "[redacted]" }, { email: "[redacted]" }],
    });
  });

  it("has values for every type under every method, none of which is NULL unless the method says so", () => {
    for (const given of masks) {
      for (const one of columns) {
        const rows = previewOf(given, one);
        expect(rows.length).toBeGreaterThan(0);
        if (given.method !== "null") expect(rows.every(({ after }) => after !== null)).toBe(true);
      }
    }
  });

  it("shows tokens that look like tokens", () => {
    const [row] = previewOf(mask("token"), column("email", "varchar(120)"));
    expect(looksMasked(row?.after ?? "", mask("token"))).toBe(true);
  });
});
