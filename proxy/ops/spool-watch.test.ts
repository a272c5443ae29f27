import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchSpool } from "./spool-watch";

describe("the watch over a gateway's spool", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("tells once when statements begin to be refused, and once when they pass again", () => {
    const actions: string[] = [];
    let room = true;
    const recorder = { accepts: () => room, audit: (row: { action: string }) => void actions.push(row.action) };
    const stop = watchSpool(recorder, { kind: "system", name: "gateway" }, 1_000);
    vi.advanceTimersByTime(3_000);
    expect(actions).toEqual([]);
    room = false;
    vi.advanceTimersByTime(5_000);
    expect(actions).toEqual(["spool.refusing"]);
    room = true;
    vi.advanceTimersByTime(5_000);
    expect(actions).toEqual(["spool.refusing", "spool.accepting"]);
    stop();
    room = false;
    vi.advanceTimersByTime(5_000);
    expect(actions).toHaveLength(2);
  });
});
