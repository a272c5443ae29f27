import { describe, expect, it } from "vitest";
import { MAX_ATTEMPTS, pauseAfter } from "./backoff";

const pauses = (random: number) =>
  Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => pauseAfter(index + 1, random) ?? 0);

describe("the pauses between attempts", () => {
  it("grow threefold from ten seconds", () => {
    expect(pauses(0.5).slice(0, 4)).toEqual([10_000, 30_000, 90_000, 270_000]);
  });

  it("add up to about a day, then end", () => {
    const hours = pauses(0.5).reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(22);
    expect(hours).toBeLessThan(32);
    expect(pauseAfter(MAX_ATTEMPTS, 0.5)).toBeNull();
  });

  it("vary by a fifth", () => {
    expect(pauseAfter(1, 0)).toBe(8_000);
    expect(pauseAfter(1, 0.999_999)).toBe(12_000);
  });
});
