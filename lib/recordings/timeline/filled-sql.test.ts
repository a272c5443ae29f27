import { expect, it } from "vitest";
import { fillParameters } from "./filled-sql";

const filled = (sql: string, values: Parameters<typeof fillParameters>[1]) =>
  fillParameters(sql, values)
    .map(({ text, parameter }) => (parameter === null ? text : `«${text}»`))
    .join("");

const text = (value: string) => ({ type: "varchar", value });

it("parameters stand in the places of their marks, as literals", () => {
  const values = [text("it's"), { type: "null", value: null }, { type: "blob", value: { hex: "00ff" } }];
  expect(filled("UPDATE t SET a = ?, b = ?, c = ? WHERE d = ?", [...values, { type: "bigint", value: "12" }])).toBe(
    "UPDATE t SET a = «'it''s'», b = «NULL», c = «0x00ff» WHERE d = «12»",
  );
});

it("question marks in strings, names and comments are no marks, and marks without a value stay", () => {
  expect(filled("SELECT '?', `?`, \"?\" /* ? */, ? -- ?\n, ?", [text("a")])).toBe(
    "SELECT '?', `?`, \"?\" /* ? */, «'a'» -- ?\n, ?",
  );
});

it("digits that were bound as text are no number, and a number is one however it is written", () => {
  const numbers = ["int unsigned", "double", "decimal", "number"].map((type) => ({ type, value: "1e30" }));
  expect(filled("? ? ? ? ? ?", [text("0"), { type: "datetime", value: "2026" }, ...numbers])).toBe(
    "«'0'» «'2026'» «1e30» «1e30» «1e30» «1e30»",
  );
});

it("two dashes without white space behind them begin no comment", () => {
  expect(filled("SELECT a--? FROM t WHERE b = ? --\t?", [text("x"), text("y")])).toBe(
    "SELECT a--«'x'» FROM t WHERE b = «'y'» --\t?",
  );
});
