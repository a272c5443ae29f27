import { describe, expect, it } from "vitest";
import { FOLDED_US, gapAt, idleSpans, makeClock, toPlayed, toSession } from "./clock";

const second = 1_000_000;
const busy = (at: number, long: number) => ({ atUs: at * second, durationUs: long * second });

describe("idle time", () => {
  it("is what lies between statements for more than two seconds, at both ends too", () => {
    const spans = idleSpans([busy(3, 1), busy(5, 1), busy(20, 1)], 60 * second);
    expect(spans.map(({ fromUs, toUs }) => [fromUs / second, toUs / second])).toEqual([
      [0, 3],
      [6, 20],
      [21, 60],
    ]);
  });

  it("is not the time in which a statement runs or waits, even when a later one arrived and ended meanwhile", () => {
    expect(idleSpans([busy(0, 30), busy(1, 1)], 30 * second)).toEqual([]);
  });
});

describe("the player's clock", () => {
  const statements = [busy(1, 1), busy(100, 1), busy(103, 50)];
  const clock = makeClock(statements, 200 * second, true);

  it("plays a folded gap in the same short time, however long it was", () => {
    expect(clock.gaps).toHaveLength(2);
    for (const gap of clock.gaps) {
      expect(toPlayed(clock, gap.toUs) - toPlayed(clock, gap.fromUs)).toBe(FOLDED_US);
    }
    expect(clock.playedEndUs).toBe((2 + 53) * second + 2 * FOLDED_US);
  });

  it("plays everything else as long as it took", () => {
    expect(toPlayed(clock, 150 * second) - toPlayed(clock, 103 * second)).toBe(47 * second);
  });

  it("gives every moment back: there and back again is the same place, and order is kept", () => {
    let last = -1;
    for (let us = 0; us <= 200 * second; us += 377_001) {
      const played = toPlayed(clock, us);
      expect(played).toBeGreaterThan(last);
      expect(toSession(clock, played)).toBeCloseTo(us, 3);
      last = played;
    }
  });

  it("stays inside the session", () => {
    expect(toPlayed(clock, 999 * second)).toBe(clock.playedEndUs);
    expect(toPlayed(clock, -5)).toBe(0);
    expect(toSession(clock, clock.playedEndUs * 2)).toBe(200 * second);
  });

  it("plays every second when nothing is folded", () => {
    const whole = makeClock(statements, 200 * second, false);
    expect(whole.playedEndUs).toBe(200 * second);
    expect(toPlayed(whole, 42)).toBe(42);
    expect(gapAt(whole, 50 * second)).toBeNull();
  });

  it("knows the gap that a moment is in", () => {
    expect(gapAt(clock, 50 * second)?.toUs).toBe(100 * second);
    expect(gapAt(clock, 1.5 * second)).toBeNull();
    expect(gapAt(clock, 100 * second)).toBeNull();
  });
});
