import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "./keyset";
import { escapeLike } from "./like";
import { firstIdAt, instantOfId } from "./ulid-bounds";

const ID = "01KB0000000000000000000000";

describe("cursors", () => {
  it("survive the way through a URL", () => {
    for (const cursor of [
      { side: "next", id: ID },
      { side: "previous", id: ID },
      { side: "previous", id: null },
    ] as const) {
      expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    }
  });

  it("are absent on the first page", () => {
    expect(decodeCursor(null)).toBeNull();
    expect(decodeCursor("")).toBeNull();
  });

  it.each([
    "x",
    ID,
    "bm90aGluZw",
    Buffer.from(`n${ID}' OR 1`).toString("base64url"),
    Buffer.from("n").toString("base64url"),
  ])("that no list made are refused: %s", (text) => {
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});

describe("ids as times", () => {
  it("bound a range to the millisecond", () => {
    const instant = new Date("2026-11-23T07:00:00.123Z");
    expect(instantOfId(firstIdAt(instant))).toEqual(instant);
    expect(firstIdAt(instant) < firstIdAt(new Date(instant.getTime() + 1))).toBe(true);
  });

  it("stay ids for times that no id can carry", () => {
    expect(firstIdAt(new Date(-5))).toBe("0".repeat(26));
    expect(firstIdAt(new Date(8.64e15))).toMatch(/^7Z{9}0{16}$/);
  });
});

it("a search text's wildcards stand for themselves", () => {
  expect(escapeLike("100%_of!it\\")).toBe("100!%!_of!!it\\");
});
