import { describe, expect, it } from "vitest";
import { plainly } from "./attack";
import { type Control, leakedColumn } from "./leak";

const SSN = { schema: "shop", table: "people", column: "ssn" };
const leaks = (texts: readonly string[], control: Control, disguise = plainly) =>
  leakedColumn(texts, [SSN], disguise, new Map([["shop.people.ssn", [control]]])) !== null;

describe("a value in an answer", () => {
  const hidden: Control = { value: "913-40-0001", shown: "*********01" };
  const cases: readonly (readonly [string, readonly string[], boolean])[] = [
    ["the whole value", ["913-40-0001"], true],
    ["inside of other text", ['{"v":"<913-40-0001>"}'], true],
    ["in an error", ["XPATH syntax error: '~913-40-0001'"], true],
    ["half of it from the start", ["913-40-"], true],
    ["half of it at the end", ["40-0001"], true],
    ["what the mask shows", ["*********01"], false],
    ["another value", ["913-99-1111"], false],
    ["nothing", [], false],
  ];
  it.each(cases)("%s: found or not as it should be", (_, texts, found) => {
    expect(leaks(texts, hidden)).toBe(found);
  });

  it("counts when it is short only as a word or a whole cell", () => {
    const short: Control = { value: "42", shown: "0" };
    expect(leaks(["42"], short)).toBe(true);
    expect(leaks(["17|42|3"], short)).toBe(true);
    expect(leaks(["4217"], short)).toBe(false);
  });

  it("is no leak where the mask shows it anyway", () => {
    expect(leaks(["50000"], { value: "50000", shown: "50000" })).toBe(false);
    expect(leaks(["example.com"], { value: "a@example.com", shown: "a***@example.com" }, () => ["example.com"])).toBe(
      false,
    );
    expect(leaks(["1980-01-01"], { value: "1980-01-07", shown: "1980-01-01" })).toBe(false);
  });

  it("is found in the disguise of its attack", () => {
    const hex = (value: string) => [Buffer.from(value).toString("hex")];
    expect(leaks([hex(hidden.value)[0] ?? ""], hidden, hex)).toBe(true);
    expect(leaks([hidden.value], hidden, hex)).toBe(false);
  });
});
