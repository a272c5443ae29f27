import { describe, expect, it } from "vitest";
import { completeDraft } from "./complete";

/** The text with | where the cursor stands. */
function at(marked: string) {
  const offset = marked.indexOf("|");
  const found = completeDraft(marked.replace("|", ""), offset);
  return found === null ? null : { ...found, labels: found.options.map((one) => one.label) };
}

describe("completion in the file view", () => {
  it("offers the keys of a policy at its top", () => {
    expect(at("na|")?.labels).toEqual([
      "metadata",
      "default",
      "rules",
      "budgets",
      "sudden",
      "name",
      "identities",
      "connection",
    ]);
    expect(at("na|")?.from).toBe(0);
  });

  it("offers the keys of a rule inside of a rule, on its first line and on others", () => {
    expect(at("rules:\n  - |")?.labels).toContain("effect");
    const inside = at("rules:\n  - name: a\n    effect: deny\n  - name: r\n    |");
    expect(inside?.labels).toContain("max_limit");
    expect(inside?.path).toEqual(["rules", 1]);
  });

  it("offers the values of a closed list", () => {
    expect(at("default: |")?.labels).toEqual(["review", "deny"]);
    expect(at("rules:\n  - name: r\n    effect: a|")?.labels).toEqual(["allow", "review", "deny"]);
    expect(at("rules:\n  - name: r\n    statements:\n      - se|")?.labels).toContain("select");
    expect(at("rules:\n  - name: r\n    statements: [select, |")?.labels).toContain("insert");
  });

  it("offers the kinds of identities", () => {
    expect(at("identities:\n  - |")?.labels).toEqual(["client_id", "subject", "group", "email"]);
  });

  it("says where tables and columns stand, for names of the catalogue", () => {
    expect(at("rules:\n  - name: r\n    tables:\n      - shop.o|")?.path).toEqual(["rules", 0, "tables", 0]);
    expect(at("rules:\n  - name: r\n    tables:\n      - a.b\n      - shop.o|")?.path).toEqual([
      "rules",
      0,
      "tables",
      1,
    ]);
    expect(at("rules:\n  - name: r\n    where: [shop.o|")?.path).toEqual(["rules", 0, "where", 0]);
  });

  it("says nothing in comments", () => {
    expect(at("# na|")).toBeNull();
  });
});
