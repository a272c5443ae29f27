import { describe, expect, it } from "vitest";
import { cameBy, phaseAt, statementAt } from "./moment";
import { sampleStatement } from "./sample-statements";

describe("the statement at a moment", () => {
  const statements = [10, 20, 20, 30].map((at, index) => sampleStatement(index + 1, at));

  it.each([
    [0, -1],
    [10, 0],
    [19, 0],
    [20, 2],
    [1000, 3],
  ])("at %i it is the one in place %i: the last that had arrived", (us, index) => {
    expect(statementAt(statements, us)).toBe(index);
  });
});

describe("a statement's phase", () => {
  const held = sampleStatement(1, 1000, { approvalId: "A", effect: "review", waitedUs: 5000, durationUs: 9000 });
  const plain = sampleStatement(2, 1000, { waitedUs: 100, durationUs: 9000 });

  it.each([
    [999, "before"],
    [1000, "held"],
    [5999, "held"],
    [6000, "running"],
    [8000, "answering"],
    [10_000, "done"],
  ] as const)("of a held one at %i is %s", (us, phase) => {
    expect(phaseAt(held, us, 8000)).toBe(phase);
  });

  it("is being decided on until it goes upstream", () => {
    expect(phaseAt(plain, 1050, null)).toBe("arrived");
    expect(phaseAt(plain, 1100, null)).toBe("running");
  });

  it("of a refused one is never running", () => {
    const denied = sampleStatement(3, 1000, { effect: "deny", errorNumber: 1227, waitedUs: null });
    expect(phaseAt(denied, 1500, null)).toBe("arrived");
    expect(phaseAt(denied, 2000, null)).toBe("done");
  });

  it("stays what it was while a live one has not ended, and is lost when nobody saw its end", () => {
    expect(phaseAt({ ...plain, state: "running" }, 999_999, null)).toBe("running");
    expect(phaseAt({ ...plain, state: "unknown" }, 999_999, null)).toBe("lost");
  });
});

it("rows that came by a moment are counted, those of the same moment too", () => {
  expect(cameBy([1, 5, 5, 9], 5)).toBe(3);
  expect(cameBy([1, 5, 5, 9], 0)).toBe(0);
  expect(cameBy([], 4)).toBe(0);
});
