import { describe, expect, it } from "vitest";
import { confirmationFor, saysSo } from "./confirmation";
import type { ImpactResult } from "./model";

function impact(totals: Partial<ImpactResult["totals"]>, rest: Partial<ImpactResult> = {}) {
  const none = { newly_blocked: 0, newly_held: 0, newly_allowed: 0, newly_unmasked: 0, newly_masked: 0 };
  return { statements: 40, unknown: { text_cut: 0, values_unknown: 0 }, ...rest, totals: { ...none, ...totals } };
}

describe("the words that confirm a publication", () => {
  it("are none where nobody gets more than before", () => {
    expect(confirmationFor(impact({ newly_blocked: 3, newly_held: 4, newly_masked: 5 }))).toBeNull();
  });

  it("say how many statements are newly allowed or unmasked", () => {
    expect(confirmationFor(impact({ newly_allowed: 12 }))).toBe("allow 12 more");
    expect(confirmationFor(impact({ newly_unmasked: 3 }))).toBe("unmask 3");
    expect(confirmationFor(impact({ newly_allowed: 1, newly_unmasked: 3 }))).toBe("allow 1 more and unmask 3");
  });

  it("say that budgets loosen, which no impact shows", () => {
    const loosens = true;
    expect(confirmationFor(impact({}), { loosens })).toBe("limit less");
    expect(confirmationFor(impact({}, { statements: 0 }), { loosens })).toBeNull();
    expect(confirmationFor(impact({ newly_allowed: 1 }), { loosens })).toBe("allow 1 more and limit less");
    expect(confirmationFor(null, { loosens })).toBe("publish unseen");
  });

  it("say that nobody has seen what it does, without an impact or with one that can tell nothing", () => {
    expect(confirmationFor(null, { observes: true })).toBe("block nothing");
    expect(confirmationFor(null)).toBe("publish unseen");
    expect(confirmationFor(impact({}), { unseen: true })).toBe("publish unseen");
    expect(confirmationFor(impact({}, { statements: 0 }), { unseen: true })).toBeNull();
    expect(confirmationFor(impact({}, { unknown: { text_cut: 1, values_unknown: 39 } }))).toBe("publish unseen");
    expect(confirmationFor(impact({}, { unknown: { text_cut: 1, values_unknown: 38 } }))).toBeNull();
  });

  it("are none where nothing was recorded: there was nothing to foresee", () => {
    expect(confirmationFor(impact({}, { statements: 0 }))).toBeNull();
  });

  it("may be typed in any case, with any spaces, and in no other way", () => {
    expect(saysSo("  Allow 12  more ", "allow 12 more")).toBe(true);
    expect(saysSo("allow 13 more", "allow 12 more")).toBe(false);
    expect(saysSo("", "allow 12 more")).toBe(false);
    expect(saysSo(undefined, "allow 12 more")).toBe(false);
  });
});
