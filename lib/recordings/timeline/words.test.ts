import { describe, expect, it } from "vitest";
import { sampleStatement } from "./sample-statements";
import { spokenPlace, spokenTime, stopwatch } from "./words";

describe("a place in words", () => {
  it.each([
    [0, "0:00.000", "0 s"],
    [182_418_999, "3:02.418", "3 min 2 s"],
    [3_604_000_000, "1:00:04.000", "1 h 4 s"],
    [60_000_000, "1:00.000", "1 min"],
  ])("%i us is %s, spoken %s", (us, shown, spoken) => {
    expect(stopwatch(us)).toBe(shown);
    expect(spokenTime(us)).toBe(spoken);
  });

  it("says the statement, the time, the outcome and the beginning of its text on one line", () => {
    const statements = [
      sampleStatement(1, 0),
      sampleStatement(2, 0, { sql: `SELECT *\n  FROM ${"long_".repeat(20)}` }),
    ];
    expect(spokenPlace(statements, 1, 2_000_000)).toMatch(/^statement 2 of 2, 2 s, ok, SELECT \* FROM long_.*…$/);
    expect(spokenPlace(statements, -1, 0)).toBe("before the first of 2 statements, 0 s");
  });
});
