import { describe, expect, it } from "vitest";
import { absoluteTime, formatDuration, relativeTime } from "./format-time";

describe("times for people", () => {
  const now = Date.UTC(2026, 10, 23, 7, 30, 0);

  it.each([
    [0, "just now"],
    [4_999, "just now"],
    [5_000, "5 s ago"],
    [59_999, "59 s ago"],
    [60_000, "1 min ago"],
    [3_600_000, "1 h ago"],
    [90_000_000, "1 d ago"],
    [-61_000, "in 1 min"],
  ])("%d ms before now reads %s", (before, text) => {
    expect(relativeTime(now - before, now)).toBe(text);
  });

  it("are absolute in UTC and in a zone, with the date of that zone", () => {
    const late = Date.UTC(2026, 10, 23, 23, 30, 5);
    expect(absoluteTime(late, "UTC")).toBe("2026-11-23 23:30:05");
    expect(absoluteTime(late, "Europe/Berlin")).toBe("2026-11-24 00:30:05");
  });

  it.each([
    [0.4, "0.4 ms"],
    [12.4, "12 ms"],
    [1500, "1.5 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
    [86_400_000, "1 d"],
  ])("a length of %d ms reads %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
