import { describe, expect, it } from "vitest";
import { type Mask, mask } from "@/lib/masking/mask";
import { policy } from "../rule";
import { masksImpact, masksWith, policyImpact } from "./draft";
import { impactInput } from "./model";

const made = (column: string, rest: Partial<Mask> = {}): Mask => mask.parse({ column, method: "redact", ...rest });
const columns = (masks: readonly Mask[] | undefined) => masks?.map((one) => `${one.column} ${one.method}`);

describe("the question about a draft", () => {
  const agent = policy.parse({
    name: "agent",
    identities: [{ client_id: "a" }],
    rules: [{ name: "one", effect: "allow", template: "SELECT 1", parameters: [] }],
    budgets: [{ measure: "rows", per: "day", max: 5 }],
  });

  it("is the same whoever asks: without budgets, and without keys that say nothing", () => {
    const draft = policyImpact("shop", null, agent);
    const [asked] = draft.policies;
    expect(asked?.rules).toEqual([{ name: "one", effect: "allow", template: "SELECT 1" }]);
    expect(asked).not.toHaveProperty("budgets");
    expect(impactInput.parse({ ...draft, days: 7 })).toEqual({ ...draft, days: 7 });
  });

  it("leaves the stored policy out when it has another name", () => {
    expect(policyImpact("shop", "agent", agent).without).toEqual([]);
    expect(policyImpact("shop", "old", agent).without).toEqual(["old"]);
  });

  it("holds all masks in an order of its own, changed ones in the place of those before", () => {
    const stored = [made("b.b.b"), made("a.a.a"), made("c.c.c")];
    const after = masksWith(stored, [made("a.a.A", { method: "null" }), made("d.d.d")], ["c.c.c", "not.there.yet"]);
    const draft = masksImpact("shop", after);
    expect(columns(draft.masks)).toEqual(["a.a.A null", "b.b.b redact", "d.d.d redact"]);
    expect(masksImpact("shop", after.toReversed())).toEqual(draft);
  });

  it("takes the later of two changes of one pattern", () => {
    expect(columns(masksWith([], [made("a.a.a"), made("`a`.a.A", { method: "null" })]))).toEqual(["`a`.a.A null"]);
  });
});
