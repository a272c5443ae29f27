import { describe, expect, it } from "vitest";
import { answerOf, cleanProbes, MAX_PROBES, maskedProbes } from "./probes";
import type { ReachedTable } from "./reach";

function table(name: string, hidden: readonly string[], over: Partial<ReachedTable> = {}): ReachedTable {
  return {
    ...{ schema: "shop", name, kind: "table", granted: true, readable: ["id", "name"] },
    verdict: hidden.length === 0 ? "clean" : "masked",
    hidden: hidden.map((column) => ({ column, because: "masked" })),
    ...over,
  };
}

describe("what is prepared to test the restricted account", () => {
  it("takes one masked column of each table before the second of any", () => {
    const reach = [table("a", ["x", "y"]), table("b", []), table("c", ["z"])];
    expect(maskedProbes(reach).map((one) => one.column)).toEqual(["shop.a.x", "shop.c.z", "shop.a.y"]);
  });

  it("tries a view as a whole, and no view that nobody understands", () => {
    const view = { kind: "view" as const, readable: [] };
    const reach = [table("v", ["x", "y"], view), table("w", ["x"], { ...view, verdict: "unproven" })];
    expect(maskedProbes(reach).map((one) => one.sql)).toEqual(["SELECT `x` FROM `shop`.`v`"]);
    expect(cleanProbes(reach)).toEqual([]);
  });

  it("stops at a number that a server answers in a moment", () => {
    const many = Array.from({ length: 40 }, (_, at) => table(`t${at}`, ["x", "y", "z"]));
    expect(maskedProbes(many)).toHaveLength(MAX_PROBES);
    expect(cleanProbes(many)).toHaveLength(40);
  });

  it("tries a clean column where others are masked, or of every table when nothing is", () => {
    expect(cleanProbes([table("a", ["x"]), table("b", [])]).map((one) => one.column)).toEqual(["shop.a.id"]);
    expect(cleanProbes([table("b", []), table("c", [], { granted: false })]).map((one) => one.column)).toEqual([
      "shop.b.id",
    ]);
  });

  it("takes only the server's two words for missing privileges as a refusal", () => {
    expect([null, 1142, 1143, 1146, 1356, 1045].map(answerOf)).toEqual([
      ...["taken", "refused", "refused", "missing", "unclear", "unclear"],
    ]);
  });
});
