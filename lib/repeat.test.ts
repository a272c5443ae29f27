import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { repeat } from "./repeat";

describe("repeated work", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const never = (error: unknown) => {
    throw error;
  };

  it("runs once per pause, never twice at once", async () => {
    let running = 0;
    let most = 0;
    let rounds = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      running -= 1;
      rounds += 1;
    };
    const repeating = repeat(work, 1000, never);
    await vi.advanceTimersByTimeAsync(7000);
    expect({ most, rounds }).toEqual({ most: 1, rounds: 2 });
    await repeating.stop();
  });

  it("waits longer after each failure, and goes on as before once it works", async () => {
    const errors: unknown[] = [];
    let fails = true;
    let rounds = 0;
    const work = async () => {
      rounds += 1;
      if (fails) throw new Error("down");
    };
    const repeating = repeat(work, 1000, (error) => errors.push(error));
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000);
    expect([rounds, errors.length]).toEqual([3, 3]);
    fails = false;
    await vi.advanceTimersByTimeAsync(8000 + 3000);
    expect(rounds).toBe(7);
    await repeating.stop();
  });

  it("begins nothing after it was stopped, and stopping waits for the running round", async () => {
    let ended = false;
    const work = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      ended = true;
    };
    const repeating = repeat(work, 1000, never);
    await vi.advanceTimersByTimeAsync(1000);
    const stopping = repeating.stop();
    await vi.advanceTimersByTimeAsync(500);
    await stopping;
    expect(ended).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
