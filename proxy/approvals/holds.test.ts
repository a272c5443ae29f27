import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PolledDecision } from "@/lib/approvals/poll-decisions";
import { Holds } from "./holds";

const DENIED = { state: "denied", reason: "no", decidedBy: "Rita", decidedAt: null, grant: null } as const;

describe("Holds", () => {
  let holds: Holds;
  let decided: PolledDecision[];
  let away: boolean;
  const polls: number[] = [];
  const told: (readonly string[])[] = [];
  const killed: string[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    decided = [];
    away = false;
    for (const list of [polls, told, killed]) list.length = 0;
    const answer = <T>(value: T) => (away ? Promise.reject(new Error("away")) : Promise.resolve(value));
    holds = new Holds({
      log: pino({ level: "silent" }),
      store: {
        poll: (ids) => {
          polls.push(ids.length);
          return answer(decided);
        },
        clientsGone: (statements) => {
          told.push(statements);
          return answer(null);
        },
        sessionKilled: (session) => {
          killed.push(session);
          return answer(null);
        },
      },
    });
  });
  afterEach(() => vi.useRealTimers());

  const hold = (n: number, seconds = 60, waitOn: () => Promise<unknown> = async () => null) =>
    holds.hold({ approvalId: `a${n}`, statementId: `s${n}`, until: Date.now() + seconds * 1000, waitOn });

  it("has one timer for all, and none once nothing waits", async () => {
    expect(vi.getTimerCount()).toBe(0);
    const waits = Array.from({ length: 1000 }, (_, n) => hold(n));
    expect(vi.getTimerCount()).toBe(1);
    for (const wait of waits) wait.end("gone");
    await vi.advanceTimersByTimeAsync(500);
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual([waits.map((_, n) => `s${n}`)]);
  });

  it("asks four times a second, and twice where many wait", async () => {
    hold(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls).toEqual([1, 1, 1, 1]);
    for (let n = 1; n <= 300; n += 1) hold(n);
    polls.length = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls).toEqual([301, 301]);
  });

  it("gives a decision to all who wait for it", async () => {
    const [one, two] = [hold(1), hold(1)];
    decided = [{ id: "a1", ...DENIED }];
    await vi.advanceTimersByTimeAsync(250);
    const end = { kind: "settled", decision: decided[0] };
    expect([await one.ended, await two.ended]).toEqual([end, end]);
    expect(holds.counts.denied).toBe(2);
    expect(told).toEqual([]);
  });

  it("ends waits in time, also while the store is away, and tells it when it is back", async () => {
    const wait = hold(1, 1);
    away = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await wait.ended).toEqual({ kind: "timed_out" });
    holds.sessionKilled("k1");
    await vi.advanceTimersByTimeAsync(1000);
    const tries = told.length;
    expect(tries).toBeGreaterThan(0);
    away = false;
    await vi.advanceTimersByTimeAsync(500);
    expect(told.at(-1)).toEqual(["s1"]);
    expect(killed.at(-1)).toBe("k1");
    expect(holds.resting).toBe(true);
  });

  it("lets another client that waits for the same request say so when one leaves", async () => {
    const waitOn = vi.fn(async () => null);
    const first = hold(1);
    hold(1, 60, waitOn);
    first.end("gone");
    first.end("timed_out");
    await vi.advanceTimersByTimeAsync(10);
    expect(waitOn).toHaveBeenCalledOnce();
    expect(holds.counts.timedOut).toBe(0);
  });

  it("ends every wait when the gateway stops, and begins none", async () => {
    const wait = hold(1);
    holds.drain();
    expect(await wait.ended).toEqual({ kind: "drained" });
    expect(await hold(2).ended).toEqual({ kind: "drained" });
    await holds.stop();
    expect(told.flat()).toEqual(["s1", "s2"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
