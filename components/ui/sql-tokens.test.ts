import { describe, expect, it } from "vitest";
import { sqlTokens } from "./sql-tokens";

describe("SQL colouring", () => {
  it("tells keywords, names, strings, numbers and comments apart", () => {
    expect(sqlTokens("select `a` from t where b = 'it''s' and c > 1.5 -- why")).toEqual([
      { kind: "keyword", text: "select" },
      { kind: "plain", text: " " },
      { kind: "identifier", text: "`a`" },
      { kind: "plain", text: " " },
      { kind: "keyword", text: "from" },
      { kind: "plain", text: " " },
      { kind: "plain", text: "t" },
      { kind: "plain", text: " " },
      { kind: "keyword", text: "where" },
      { kind: "plain", text: " " },
      { kind: "plain", text: "b" },
      { kind: "plain", text: " = " },
      { kind: "string", text: "'it''s'" },
      { kind: "plain", text: " " },
      { kind: "keyword", text: "and" },
      { kind: "plain", text: " " },
      { kind: "plain", text: "c" },
      { kind: "plain", text: " > " },
      { kind: "number", text: "1.5" },
      { kind: "plain", text: " " },
      { kind: "comment", text: "-- why" },
    ]);
  });

  it.each(["select 'open", "/* open", "`open", 'a "x\\" b', "", "é🔑 <b>", "'a\\"])(
    "changes no character of %j",
    (sql) => {
      expect(
        sqlTokens(sql)
          .map((token) => token.text)
          .join(""),
      ).toBe(sql);
    },
  );
});
