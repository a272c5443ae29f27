import { describe, expect, it } from "vitest";
import type { Settled } from "@/lib/approvals/what-became";
import { type QueueAction, type QueueRow, type QueueState, queueReducer, startingQueue } from "./queue-state";

const NOW = Date.UTC(2026, 0, 1);
const row = (id: string, secondsLeft: number, changes: Partial<QueueRow> = {}) =>
  ({ id, deadline: new Date(NOW + secondsLeft * 1000), lookers: [], ...changes }) as unknown as QueueRow;
const denied = (id: string): Settled => ({
  id,
  state: "denied",
  decidedById: "otto",
  decidedByName: "Otto",
  note: "no",
});
const news = (rows: readonly QueueRow[], settled: readonly Settled[] = [], still = false): QueueAction => ({
  do: "news",
  news: { rows, settled, more: false, now: new Date(NOW) },
  still,
  at: NOW,
});
const ids = (state: QueueState) => state.shown.map((one) => one.row.id);

describe("the queue on an open page", () => {
  const start = startingQueue([row("b", 20), row("c", 30)], false);

  it("puts a new request where its time left belongs", () => {
    expect(ids(queueReducer(start, news([row("a", 25), row("b", 20), row("c", 30)])))).toEqual(["b", "a", "c"]);
  });

  it("keeps new requests back while somebody points at the list, and shows them when asked", () => {
    const kept = queueReducer(start, news([row("a", 5), row("b", 20), row("c", 30)], [], true));
    expect([ids(kept), kept.fresh.map((one) => one.id)]).toEqual([["b", "c"], ["a"]]);
    expect(ids(queueReducer(kept, { do: "show-fresh" }))).toEqual(["a", "b", "c"]);
  });

  it("does not move a row whose time left has changed while somebody points at the list", () => {
    const held = queueReducer(start, news([row("c", 1), row("b", 20)], [], true));
    expect(ids(held)).toEqual(["b", "c"]);
    expect(ids(queueReducer(held, news([row("c", 1), row("b", 20)])))).toEqual(["c", "b"]);
  });

  it("keeps what somebody else settled at its place, with who it was, until it is cleared away", () => {
    const after = queueReducer(start, news([row("c", 30)], [denied("b")]));
    expect(after.shown[0]).toMatchObject({ row: { id: "b" }, settled: { decidedByName: "Otto" } });
    expect(ids(queueReducer(after, { do: "clear-settled" }))).toEqual(["c"]);
  });

  it("drops a request that no longer meets the filter", () => {
    expect(ids(queueReducer(start, news([row("c", 30)])))).toEqual(["c"]);
  });

  it("stays settled here when an older answer comes in late", () => {
    const mine = queueReducer(start, { do: "settle", settled: denied("b") });
    expect(queueReducer(mine, news([row("b", 20), row("c", 30)])).shown[0]?.settled?.state).toBe("denied");
  });

  it("shows what changed of a row: who looks at it, votes", () => {
    const after = queueReducer(start, news([row("b", 20, { lookers: ["Otto"] }), row("c", 30)]));
    expect(after.shown[0]?.row.lookers).toEqual(["Otto"]);
  });

  it("knows how far the browser's clock is off", () => {
    const action: QueueAction = {
      do: "news",
      news: { rows: [], settled: [], more: false, now: new Date(NOW) },
      still: false,
      at: NOW - 7000,
    };
    expect(queueReducer(start, action).offset).toBe(7000);
  });
});
