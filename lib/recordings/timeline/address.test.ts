import { describe, expect, it } from "vitest";
import { placeAsked, replayHref } from "./address";
import { sampleReplay, sampleStatement } from "./sample-statements";

const second = sampleStatement(2, 5000);
const replay = sampleReplay([sampleStatement(1, 1000), second], 10_000);
const asked = (query: string) => placeAsked(replay, new URLSearchParams(query));

describe("a permanent link", () => {
  it("to a statement opens where its answer is complete", () => {
    expect(asked(`statement=${second.id}`)).toEqual({ us: 6000, index: 1 });
  });

  it("to a moment opens at that moment", () => {
    expect(asked("at=4999")).toEqual({ us: 4999, index: 0 });
    expect(asked("at=999999")).toEqual({ us: 10_000, index: 1 });
  });

  it.each(["", "statement=nobody", "at=-1", "at=1e9", "at=soon"])(
    "that asks for nothing there is (%s) opens at no place of its own",
    (query) => {
      expect(asked(query)).toBeNull();
    },
  );

  it("is written as it is read", () => {
    expect(replayHref("X", { us: 1234.4 })).toBe("/sessions/X/replay?at=1234");
    expect(replayHref("X", { statementId: "S" })).toBe("/sessions/X/replay?statement=S");
    expect(replayHref("X")).toBe("/sessions/X/replay");
  });
});
