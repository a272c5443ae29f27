import { expect, it } from "vitest";
import { fillParameters } from "./filled-sql";

const filled = (sql: string, values: Parameters<typeof fillParameters>[1]) =>
  fillParameters(sql, values)
    .map(({ text, parameter }) => (parameter === null ? text : `«${text}»`))
    .join("");

it("parameters stand in the places of their marks, as literals", () => {
  expect(filled("UPDATE t SET a = ?, b = ?, c = ? WHERE d = ?", ["it's", null, { hex: "00ff" }, "12"])).toBe(
    "UPDATE t SET a = «'it''s'», b = «NULL», c = «0x00ff» WHERE d = «12»",
  );
});

it("question marks in strings, names and comments are no marks, and marks without a value stay", () => {
  expect(filled("SELECT '?', `?`, \"?\" /* ? */, ? -- ?\n, ?", ["1"])).toBe(
    "SELECT '?', `?`, \"?\" /* ? */, «1» -- ?\n, ?",
  );
});
