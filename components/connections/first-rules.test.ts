import { describe, expect, it } from "vitest";
import { rule } from "@/lib/policy/rule";
import { firstRules } from "./first-rules";

describe("the first rules of a new connection", () => {
  it.each([
    ["shop", "shop.*"],
    [null, "*.*"],
    ["odd.name", "`odd.name`.*"],
  ])("read the default schema %s as %s", (schema, pattern) => {
    const [made] = firstRules("read", schema);
    expect(rule.parse(made)).toMatchObject({ effect: "allow", statements: ["select"], tables: [pattern] });
  });

  it("are none when nothing is wanted", () => {
    expect(firstRules("nothing", "shop")).toEqual([]);
  });
});
