import { describe, expect, it } from "vitest";
import { readSessionFilter } from "../sessions/search-params";
import { readStatementFilter } from "./search-params";

const IDENTITY = "01KB0000000000000000000000";

describe("filters in the address", () => {
  it("become what the list understands", () => {
    expect(
      readStatementFilter({
        q: " select ",
        identity: IDENTITY,
        error: "1064",
        min: "100",
        range: "24h",
        from: "2026-11-23T06:00:00Z",
        command: "",
        cursor: "anything",
      }),
    ).toEqual({
      text: "select",
      identity: IDENTITY,
      errorNumber: 1064,
      minMilliseconds: 100,
      range: "24h",
      from: new Date("2026-11-23T06:00:00Z"),
    });
    expect(readSessionFilter({ state: "live", reason: "" })).toEqual({ state: "live" });
  });

  it.each([
    { q: "x".repeat(501) },
    { identity: "me" },
    { outcome: "maybe" },
    { error: "many" },
    { min: "-1" },
    { range: "forever" },
    { from: "yesterday" },
    { template: "abc" },
    { class: "teleport" },
    { held: "perhaps" },
    { state: "asleep" },
    { table: "x" },
    { q: ["given", "twice"] },
  ])("are refused, not ignored, when they are not understood: %j", (params) => {
    expect(() => readStatementFilter(params)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("are refused for sessions too", () => {
    expect(() => readSessionFilter({ state: "asleep" })).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});
