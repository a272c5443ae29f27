import { describe, expect, it } from "vitest";
import { onlyObserved } from "./only-observed";

describe("a statement passed because its connection only observes", () => {
  it.each([
    ["denied, and ran", { effect: "deny", approvalId: null, waitedUs: 90 }, true],
    ["to review, and ran unasked", { effect: "review", approvalId: null, waitedUs: 90 }, true],
    ["allowed", { effect: "allow", approvalId: null, waitedUs: 90 }, false],
    ["denied, and never went upstream", { effect: "deny", approvalId: null, waitedUs: null }, false],
    ["to review, and approved by a person", { effect: "review", approvalId: "A", waitedUs: 9_000_000 }, false],
    ["to review, and still waiting", { effect: "review", approvalId: "A", waitedUs: null }, false],
    ["not decided on", { effect: null, approvalId: null, waitedUs: 90 }, false],
  ] as const)("%s", (_, statement, observed) => {
    expect(onlyObserved(statement)).toBe(observed);
  });
});
