import { describe, expect, it } from "vitest";
import { readableSql } from "./readable-sql";

const text = (sql: string, parameters: readonly unknown[] = []) => readableSql(sql, parameters, "mysql").text;

describe("a statement made readable", () => {
  it.each([
    [
      "UPDATE orders SET status = 'refunded' WHERE id = 7 AND total BETWEEN 1 AND 9",
      "UPDATE orders\nSET status = 'refunded'\nWHERE id = 7\n  AND total BETWEEN 1 AND 9",
    ],
    [
      "SELECT a.id, COUNT(*) FROM a LEFT OUTER JOIN b ON b.a = a.id WHERE a.x IN (SELECT x FROM c WHERE y = 1) GROUP BY a.id",
      "SELECT a.id, COUNT(*)\nFROM a\nLEFT OUTER JOIN b ON b.a = a.id\nWHERE a.x IN (SELECT x\n  FROM c\n  WHERE y = 1)\nGROUP BY a.id",
    ],
    ["DELETE   FROM orders\nWHERE id=7", "DELETE FROM orders\nWHERE id=7"],
    ["INSERT INTO t (a, b) VALUES (1, 'x  y')", "INSERT INTO t (a, b) VALUES (1, 'x  y')"],
    ["SELECT EXTRACT(YEAR FROM d), `from` FROM t", "SELECT EXTRACT(YEAR FROM d), `from`\nFROM t"],
  ])("%s", (sql, expected) => expect(text(sql)).toBe(expected));

  it("has bound values in place, quoted as the server would read them", () => {
    const bound = [
      { kind: "string", text: "it's \\" },
      { kind: "number", text: "7", form: "integer" },
      { kind: "null" },
      { kind: "bytes" },
    ];
    expect(readableSql("UPDATE t SET a = ?, b = ?, c = ?, d = ?", bound, "mysql")).toEqual({
      text: "UPDATE t\nSET a = 'it''s \\\\', b = 7, c = NULL, d = ?",
      filled: 3,
    });
  });

  it("spells out characters that could make it look like another statement", () => {
    expect(text("SELECT 'a\u202eb\u200bc'")).toBe("SELECT 'a⟨U+202E⟩b⟨U+200B⟩c'");
  });

  it("keeps comments, and text that is not understood as it is", () => {
    expect(text("SELECT 1 /* why */ FROM t")).toBe("SELECT 1 /* why */\nFROM t");
    expect(text("SELECT 'unfinished")).toBe("SELECT 'unfinished");
  });

  it("differs from what runs in white space only", () => {
    const sql = "SELECT a,b , (SELECT MAX(x) FROM u WHERE u.id=t.id) AS m FROM t ORDER BY a LIMIT 5";
    expect(text(sql).replaceAll(/\s+/g, "")).toBe(sql.replaceAll(/\s+/g, ""));
  });
});
