import { describe, expect, it } from "vitest";
import { takeTestPlace } from "./rate-limit";

describe("the limit on connection tests", () => {
  it("lets two run at once and no third", () => {
    const [first] = [takeTestPlace("a", 0), takeTestPlace("a", 0)];
    expect(() => takeTestPlace("a", 0)).toThrow(/2 at once/);
    first?.();
    first?.();
    takeTestPlace("a", 0);
    expect(() => takeTestPlace("a", 0)).toThrow();
  });

  it("lets ten start in a minute, each person for themselves", () => {
    for (let n = 0; n < 10; n++) takeTestPlace("b", 1000 + n)();
    expect(() => takeTestPlace("b", 2000)).toThrow(/10 connection tests a minute/);
    takeTestPlace("c", 2000)();
    takeTestPlace("b", 62_000)();
  });
});
