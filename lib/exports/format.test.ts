import { describe, expect, it } from "vitest";
import { csvCell, exportHead, exportLine } from "./format";

describe("a cell of a CSV file", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uFF1D1", '=HYPERLINK("http://x")'])(
    "is no formula for a spreadsheet: %j",
    (text) => {
      expect(csvCell(text)).toBe(`"'${text.replaceAll('"', '""')}"`);
    },
  );

  it.each([
    ["SELECT 1, 2", '"SELECT 1, 2"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["a=1", '"a=1"'],
    [-5, "-5"],
    [true, "true"],
    [null, ""],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ a: "=1" }, '"{""a"":""=1""}"'],
  ])("keeps what it holds: %j", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe("a file of records", () => {
  const columns = ["id", "sql"];
  it("names its columns once in CSV, and in every line of NDJSON", () => {
    expect(exportHead("csv", columns) + exportLine("csv", columns, { id: "a", sql: "=x", other: 1 })).toBe(
      '"id","sql"\r\n"a","\'=x"\r\n',
    );
    expect(exportHead("ndjson", columns) + exportLine("ndjson", columns, { id: "a", other: 1 })).toBe(
      '{"id":"a","sql":null}\n',
    );
  });

  it("leaves text in NDJSON as it is: nothing reads it as a formula", () => {
    expect(exportLine("ndjson", ["sql"], { sql: "=1" })).toBe('{"sql":"=1"}\n');
  });
});
