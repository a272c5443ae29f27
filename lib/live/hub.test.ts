import { afterEach, describe, expect, it, vi } from "vitest";
import { LiveHub } from "./hub";
import type { Marks } from "./marks";
import type { LiveTopic } from "./topics";

const START: Marks = {
  statements: "",
  sessions: "",
  approvals: "",
  audit: "",
  connections: "",
  identities: "",
  gateways: "",
};

function setUp() {
  let marks = START;
  let reads = 0;
  const read = async () => {
    reads++;
    return marks;
  };
  const hub = new LiveHub(read, (error) => {
    throw error;
  });
  const listen = () => {
    const heard: LiveTopic[] = [];
    let closed = false;
    const leave = hub.subscribe({
      changed: (topics) => heard.push(...topics),
      close: () => {
        closed = true;
      },
    });
    return { heard, leave, isClosed: () => closed };
  };
  return {
    hub,
    listen,
    change: (changed: Partial<Marks>) => {
      marks = { ...marks, ...changed };
    },
    reads: () => reads,
  };
}

describe("the live hub", () => {
  vi.useFakeTimers();
  afterEach(() => vi.clearAllTimers());

  it("tells every stream which topics changed, and only those", async () => {
    const { listen, change } = setUp();
    const one = listen();
    const two = listen();
    await vi.advanceTimersByTimeAsync(0);
    change({ statements: "s1", audit: "a1" });
    await vi.advanceTimersByTimeAsync(1000);
    expect([one.heard, two.heard]).toEqual([
      ["statements", "audit"],
      ["statements", "audit"],
    ]);
  });

  it("reads the store twice per second however many streams listen, and not at all when none does", async () => {
    const { listen, reads } = setUp();
    const streams = [listen(), listen(), listen()];
    await vi.advanceTimersByTimeAsync(3000);
    expect(reads()).toBe(7);
    for (const stream of streams) stream.leave();
    await vi.advanceTimersByTimeAsync(5000);
    expect(reads()).toBe(8);
  });

  it("ends open streams when the process stops, and later ones at once", async () => {
    const { hub, listen } = setUp();
    const early = listen();
    hub.close();
    expect(early.isClosed()).toBe(true);
    expect(listen().isClosed()).toBe(true);
  });

  it("goes on after the store failed once", async () => {
    let fail = true;
    const errors: unknown[] = [];
    let marks = START;
    const hub = new LiveHub(
      async () => {
        if (fail) throw new Error("gone");
        return marks;
      },
      (error) => errors.push(error),
    );
    const heard: LiveTopic[] = [];
    hub.subscribe({ changed: (topics) => heard.push(...topics), close: () => undefined });
    await vi.advanceTimersByTimeAsync(0);
    fail = false;
    await vi.advanceTimersByTimeAsync(1000);
    marks = { ...marks, sessions: "1" };
    await vi.advanceTimersByTimeAsync(1000);
    expect(errors).toHaveLength(1);
    expect(heard).toEqual(["sessions"]);
    hub.close();
  });
});
