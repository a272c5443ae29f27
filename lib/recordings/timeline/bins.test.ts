import { describe, expect, it } from "vitest";
import { drawingOf } from "./bins";
import { makeClock } from "./clock";
import { sampleStatement } from "./sample-statements";

describe("a timeline's drawing", () => {
  it("has no more ticks than pixels, kinds and outcomes, and loses no statement", () => {
    const statements = Array.from({ length: 10_000 }, (_, index) =>
      sampleStatement(index + 1, index * 10_000, index % 1000 === 0 ? { errorNumber: 1146 } : {}),
    );
    const drawing = drawingOf(statements, makeClock(statements, 100_000_000, true), 300);
    expect(drawing.ticks.length).toBeLessThanOrEqual(310);
    expect(drawing.ticks.reduce((sum, tick) => sum + tick.count, 0)).toBe(10_000);
    expect(drawing.ticks.filter((tick) => tick.outcome === "error")).toHaveLength(10);
  });

  it("draws what went wrong last, over the rest", () => {
    const statements = [
      sampleStatement(1, 0, { errorNumber: 1227, effect: "deny", waitedUs: null }),
      sampleStatement(2, 1, {}),
    ];
    const drawing = drawingOf(statements, makeClock(statements, 1_000_000, true), 10);
    expect(drawing.ticks.map((tick) => tick.outcome)).toEqual(["ok", "denied"]);
  });

  it("draws a hold as a bar as long as the wait, and folded gaps where they are", () => {
    const statements = [
      sampleStatement(1, 0, { approvalId: "A", waitedUs: 5_000_000, durationUs: 6_000_000 }),
      sampleStatement(2, 100_000_000, { durationUs: 0 }),
    ];
    const clock = makeClock(statements, 100_000_000, true);
    const { holds, gaps } = drawingOf(statements, clock, 640);
    expect(holds).toEqual([{ fromX: 0, toX: 500, kind: "read" }]);
    expect(gaps).toEqual([{ fromX: 600, toX: 640, us: 94_000_000 }]);
  });

  it("draws an empty session", () => {
    expect(drawingOf([], makeClock([], 0, true), 100)).toEqual({ ticks: [], holds: [], gaps: [] });
  });
});
