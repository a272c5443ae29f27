import { describe, expect, it } from "vitest";
import { newId } from "./ids";

describe("newId", () => {
  it("gives ids that are all different and in order of their making", () => {
    const ids = Array.from({ length: 10_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
  });

  it("draws fresh randomness for each moment", async () => {
    const tails = new Set<string>();
    for (let i = 0; i < 300; i += 1) {
      const started = Date.now();
      while (Date.now() === started) {
        // The next millisecond begins with new random characters.
      }
      tails.add(newId().slice(10, 18));
    }
    expect(tails.size).toBe(300);
  });
});
