import { describe, expect, it } from "vitest";
import { messageAt, pathOfProblem } from "./problem-at";

describe("what is said of a part of a draft", () => {
  const at = messageAt([
    { path: ["budgets", 1, "max"], message: "too small" },
    { path: ["budgets", 10], message: "twice" },
  ]);

  it.each([
    [["budgets", 1, "max"], "too small"],
    [["budgets", 1], "too small"],
    [["budgets"], "too small"],
    [["budgets", 10], "twice"],
    [["budgets", 1, "measure"], null],
    [["rules"], null],
  ])("of %j is %j", (path, message) => {
    expect(at(path)).toBe(message);
  });

  it("is found by the names that the server gives", () => {
    expect(pathOfProblem("rules[0].tables[1]")).toEqual(["rules", 0, "tables", 1]);
    expect(pathOfProblem("name")).toEqual(["name"]);
  });
});
