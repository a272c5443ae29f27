import { describe, expect, it } from "vitest";
import { windowEnd, windowStart } from "./budget-window";
import { clockWords } from "./budget-words";

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

describe("a budget's window", () => {
  it.each([
    ["minute", "2026-11-27T13:50:00.000Z", "2026-11-27T13:50:00.000Z", "2026-11-27T13:51:00.000Z"],
    ["minute", "2026-11-27T13:50:59.999Z", "2026-11-27T13:50:00.000Z", "2026-11-27T13:51:00.000Z"],
    ["hour", "2026-11-27T13:59:59.999Z", "2026-11-27T13:00:00.000Z", "2026-11-27T14:00:00.000Z"],
    ["hour", "2026-11-27T14:00:00.000Z", "2026-11-27T14:00:00.000Z", "2026-11-27T15:00:00.000Z"],
    ["day", "2026-11-27T23:59:59.999Z", "2026-11-27T00:00:00.000Z", "2026-11-28T00:00:00.000Z"],
    ["day", "2026-03-29T01:30:00.000+02:00", "2026-03-28T00:00:00.000Z", "2026-03-29T00:00:00.000Z"],
    ["day", "2028-02-29T12:00:00.000Z", "2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
  ] as const)("of a %s at %s is from %s to %s", (per, moment, from, to) => {
    expect([iso(windowStart(per, at(moment))), iso(windowEnd(per, at(moment)))]).toEqual([from, to]);
  });

  it("ends at a time that is said by UTC's clock", () => {
    expect(clockWords(windowEnd("hour", at("2026-11-27T13:59:59.999Z")))).toBe("14:00 UTC");
    expect(clockWords(windowEnd("day", at("2026-11-27T13:59:59.999Z")))).toBe("00:00 UTC");
  });
});
