import { describe, expect, it } from "vitest";
import { wordDiff } from "./word-diff";

const words = (text: string) => text.split(" ").filter((word) => word !== "");
const shown = (before: string, after: string) =>
  wordDiff(words(before), words(after))
    .map(({ kind, words: run }) => `${{ same: "", removed: "-", added: "+" }[kind]}${run.join(" ")}`)
    .join("|");

describe("the difference word by word", () => {
  it.each([
    ["a b c", "a b c", "a b c"],
    ["a b c", "a x c", "a|-b|+x|c"],
    ["a b", "a b c d", "a b|+c d"],
    ["a b c d", "c d", "-a b|c d"],
    ["", "a", "+a"],
    ["a", "", "-a"],
    ["", "", ""],
  ])("from %j to %j is %j", (before, after, expected) => {
    expect(shown(before, after)).toBe(expected);
  });

  it("of very long texts is all of both, in no time", () => {
    const long = Array.from({ length: 5000 }, (_, index) => `w${index}`);
    expect(wordDiff(long, long).map((part) => part.kind)).toEqual(["removed", "added"]);
  });
});
