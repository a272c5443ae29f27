import { describe, expect, it } from "vitest";
import { cpuRatio, median, type Sample } from "./report";

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

describe("the CPU of a path against another's", () => {
  const sample = (path: string, round: number, cpu: number | null, queries: number): Sample => ({
    measurement: "",
    path,
    base: null,
    round,
    rows: 1,
    queries,
    bytes: 0,
    seconds: 1,
    p50: 0,
    p99: 0,
    errors: 0,
    firstError: null,
    cpu,
  });

  it("is the median of what they have per query in the same rounds", () => {
    const samples = [
      sample("a", 1, 100, 10),
      sample("b", 1, 100, 20),
      sample("a", 2, 900, 10),
      sample("b", 2, 100, 10),
      sample("a", 3, 300, 10),
      sample("b", 3, 100, 10),
    ];
    expect(cpuRatio(samples, "a", "b")).toBe(3);
  });

  it("is not known where one of them has no process", () => {
    expect(cpuRatio([sample("a", 1, 100, 10), sample("direct", 1, null, 10)], "a", "direct")).toBeNull();
    expect(cpuRatio([sample("a", 1, 100, 10)], "a", "haproxy")).toBeNull();
  });
});
