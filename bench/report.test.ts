import { describe, expect, it } from "vitest";
import { median } from "./report";

describe("the median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[], 0],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
