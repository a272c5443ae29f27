import { describe, expect, it } from "vitest";
import { contentOf, draftProblems, NEW_CONTENT, ownPath, withMethod } from "./mask-draft";

describe("a mask while it is edited", () => {
  it("takes the options of its new method and gives those it needs a usual value", () => {
    const partial = withMethod(NEW_CONTENT, "partial");
    expect(partial.options).toEqual({ keep_last: 4 });
    expect(withMethod(partial, "bucket").options).toEqual({ size: 10_000 });
    const inDocument = withMethod({ ...partial, options: { keep_last: 2, paths: ["$.a"] } }, "token");
    expect(inDocument.options).toEqual({ paths: ["$.a"] });
    expect(withMethod(inDocument, "partial").options).toEqual({ paths: ["$.a"], keep_last: 4 });
  });

  it("is the same whatever the order of its options, and an empty join class is none", () => {
    const a = contentOf({ ...NEW_CONTENT, options: { keep_last: 1, keep_first: 2 }, join_class: "  " });
    const b = contentOf({ ...NEW_CONTENT, options: { keep_first: 2, keep_last: 1 } });
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });

  it("has its problems at its fields, by the schema of the server", () => {
    expect(draftProblems(["shop.customers.ssn"], NEW_CONTENT)).toEqual([]);
    expect(draftProblems(["customers.ssn"], NEW_CONTENT)[0]?.path).toBe("column");
    const empty = draftProblems(["a.b.c"], { ...NEW_CONTENT, method: "partial" });
    expect(empty.map((one) => one.path)).toEqual(["options.keep_last"]);
  });

  it.each([
    ["mask.options.size", "options.size"],
    ["masks.01ARZ3NDEKTSV4RRFFQ69G5FAV.method", "method"],
    ["columns[3]", "column"],
    ["exempt[0]", "exempt[0]"],
  ])("finds the field of the server's %s", (path, own) => {
    expect(ownPath(path)).toBe(own);
  });
});
