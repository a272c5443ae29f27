import { describe, expect, it } from "vitest";
import { findingShow, readColumnFilter, viewOf } from "./search-params";

describe("the address of the Masks page", () => {
  it("narrows the columns by text, mask and table", () => {
    const params = { q: "ssn", show: "masked", table: "shop/customers%2Fold" };
    expect(readColumnFilter(params)).toEqual({
      q: "ssn",
      show: "masked",
      table: { schema: "shop", table: "customers/old" },
    });
    expect(readColumnFilter({ q: "" })).toEqual({});
  });

  it("refuses what it does not understand", () => {
    expect(() => readColumnFilter({ show: "everything" })).toThrow("The filter in the address is not valid");
    expect(() => readColumnFilter({ q: ["a", "b"] })).toThrow("The filter in the address is not valid");
  });

  it("knows suggestions by what it shows, and the what-if by its view", () => {
    expect(viewOf({})).toBe("columns");
    expect(viewOf({ show: "suggested" })).toBe("columns");
    expect(viewOf({ show: "unreviewed" })).toBe("suggestions");
    expect(viewOf({ view: "what-if", show: "masked" })).toBe("what-if");
    expect(findingShow({ show: "dismissed" })).toBe("dismissed");
    expect(findingShow({ show: "masked" })).toBeNull();
  });
});
