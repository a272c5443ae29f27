import { describe, expect, it } from "vitest";
import { type Hides, plainly } from "./attack";
import { type Control, leakedColumn } from "./leak";

const SSN = { schema: "shop", table: "people", column: "ssn" };
interface Given {
  readonly disguise?: Hides["disguise"];
  readonly answers?: Hides["answers"];
  readonly open?: readonly string[];
  readonly messages?: readonly string[];
}
const leaks = (cells: readonly string[], control: Control, given: Given = {}) => {
  const { disguise = plainly, answers = "hidden", open = [], messages = [] } = given;
  const hides: Hides = { kind: "hides", columns: [SSN], disguise, over: "shop.people", answers };
  const reading = { values: new Map([["shop.people.ssn", [control]]]), open: new Set(open) };
  return leakedColumn({ cells, messages }, hides, reading) !== null;
};

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

  it("counts in a message when it is short only where it is quoted", () => {
    const flag: Control = { value: "1", shown: null };
    const say = (message: string) => leaks([], flag, { messages: [message] });
    expect(say("[sallyport] It is refused at character 1. (code=NOT_UNDERSTOOD event=01 1)")).toBe(false);
    expect(say("Subquery returns more than 1 row")).toBe(false);
    expect(say("Truncated incorrect INTEGER value: '1'")).toBe(true);
    expect(leaks(["', `vip` FROM `people` WHERE it is 1 or more"], flag)).toBe(false);
    expect(leaks(["varchar(1) default '1'", "1"], flag, { answers: "described" })).toBe(false);
  });

  it("is no leak where a column without a mask, or another mask, shows the same", () => {
    const city: Control = { value: "Springfield Road 3", shown: "S*****************" };
    const open = ["Springfield", "Springfield Road 3", "1"];
    expect(leaks(open, city, { answers: "mixed", open })).toBe(false);
    expect(leaks(["Springfield Road 3"], city, { answers: "hidden", open })).toBe(true);
    expect(leaks(["Springfield Road 3"], city, { answers: "mixed", open: ["1"] })).toBe(true);
    expect(leaks(["0"], { value: "0", shown: "0" })).toBe(false);
  });

  it("is no leak where the mask shows it anyway", () => {
    expect(leaks(["50000"], { value: "50000", shown: "50000" })).toBe(false);
    expect(
      leaks(
        ["example.com"],
        { value: "a@example.com", shown: "a***@example.com" },
        { disguise: () => ["example.com"] },
      ),
    ).toBe(false);
    expect(leaks(["1980-01-01"], { value: "1980-01-07", shown: "1980-01-01" })).toBe(false);
  });

  it("is found in the disguise of its attack", () => {
    const hex = (value: string) => [Buffer.from(value).toString("hex")];
    expect(leaks([hex(hidden.value)[0] ?? ""], hidden, { disguise: hex })).toBe(true);
    expect(leaks([hidden.value], hidden, { disguise: hex })).toBe(false);
  });
});
