import { describe, expect, it } from "vitest";
import { changesOf } from "./changes";

describe("the difference of two states", () => {
  it("names each value that differs by its place, and no other", () => {
    expect(
      changesOf(
        { host: "a", limits: { rows: 1, bytes: 2 }, groups: ["x"], gone: true },
        { host: "a", limits: { rows: 5, bytes: 2 }, groups: ["x", "y"], fresh: null },
      ),
    ).toEqual([
      { path: "limits.rows", before: 1, after: 5 },
      { path: "groups", before: ["x"], after: ["x", "y"] },
      { path: "fresh", before: undefined, after: null },
      { path: "gone", before: true, after: undefined },
    ]);
  });

  it("looks into lists of objects, by their position", () => {
    expect(changesOf({ rules: [{ effect: "allow" }] }, { rules: [{ effect: "deny" }, { effect: "review" }] })).toEqual([
      { path: "rules[0].effect", before: "allow", after: "deny" },
      { path: "rules[1].effect", before: undefined, after: "review" },
    ]);
  });

  it("shows everything of what was created or deleted", () => {
    expect(changesOf(undefined, { a: 1 })).toEqual([{ path: "a", before: undefined, after: 1 }]);
    expect(changesOf({ a: { b: 1 } }, undefined)).toEqual([{ path: "a.b", before: 1, after: undefined }]);
  });

  it("takes a value whole where its kind changed", () => {
    expect(changesOf({ a: { b: 1 } }, { a: "text" })).toEqual([{ path: "a", before: { b: 1 }, after: "text" }]);
    expect(changesOf("x", "x")).toEqual([]);
  });
});
