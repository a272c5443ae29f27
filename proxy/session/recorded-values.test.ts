import { describe, expect, it } from "vitest";
import type { BoundValue } from "../protocol/stmt-execute";
import { recordedValues, worthReading } from "./recorded-values";

const text = (characters: string): BoundValue => ({ kind: "string", text: characters });
const some = (count: number) => Array.from({ length: count }, (_, at) => text(String(at)));

describe("the bound values of a record", () => {
  it("are all values of an execution, none of them cut", () => {
    const values: BoundValue[] = [
      { kind: "null" },
      { kind: "number", text: "1e3", form: "float" },
      text("x".repeat(2_000)),
      { kind: "bytes", sha256: "ab" },
    ];
    expect(recordedValues(values)).toEqual(values);
    expect(recordedValues([])).toEqual([]);
  });

  it("are left out when they are more than 100", () => {
    expect(recordedValues(some(100))).toHaveLength(100);
    expect(recordedValues(some(101))).toBeNull();
  });

  it.each([
    ["plain characters", "x", 1],
    ["characters of several bytes", "ä", 2],
    ["characters beyond the first plane", "\u{1F980}", 4],
    ["characters that JSON writes as six bytes", "\u0001", 6],
  ])("are left out when they are more than 8 KiB of JSON: %s", (_what, character, bytes) => {
    const head = JSON.stringify([text("")]).length;
    const most = Math.floor((8 * 1024 - head) / bytes);
    expect(recordedValues([text(character.repeat(most))])).not.toBeNull();
    expect(recordedValues([text(character.repeat(most + 1))])).toBeNull();
  });

  it("are not read out of long packets, nor when they are too many, unless a rule needs them", () => {
    expect(worthReading(100, 256 * 1024)).toBe(true);
    expect(worthReading(101, 100)).toBe(false);
    expect(worthReading(1, 256 * 1024 + 1)).toBe(false);
  });
});
