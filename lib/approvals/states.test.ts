import { describe, expect, it } from "vitest";
import { APPROVAL_STATES, grantState, isLegal } from "./states";

describe("the states of an approval", () => {
  it("go from pending to every end, and from approved to withdrawn; nothing else is legal", () => {
    const steps = APPROVAL_STATES.flatMap((from) =>
      APPROVAL_STATES.filter((to) => isLegal(from, to)).map((to) => `${from} ${to}`),
    );
    expect(steps).toEqual([
      "pending approved",
      "pending denied",
      "pending expired",
      "pending cancelled",
      "approved cancelled",
    ]);
  });

  const now = new Date("2026-11-01T12:00:00Z");
  const later = new Date("2026-11-01T13:00:00Z");
  it.each([
    ["none", { state: "pending", grantScope: null, grantUntil: null, grantUses: 0 }],
    ["open", { state: "approved", grantScope: "once", grantUntil: later, grantUses: 0 }],
    ["used", { state: "approved", grantScope: "once", grantUntil: later, grantUses: 1 }],
    ["open", { state: "approved", grantScope: "minutes", grantUntil: later, grantUses: 9 }],
    ["ended", { state: "approved", grantScope: "session", grantUntil: now, grantUses: 9 }],
    ["withdrawn", { state: "cancelled", grantScope: "once", grantUntil: later, grantUses: 0 }],
  ] as const)("leave a grant that is %s", (expected, row) => {
    expect(grantState(row, now)).toBe(expected);
  });
});
