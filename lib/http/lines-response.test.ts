import { describe, expect, it } from "vitest";
import { linesResponse } from "./lines-response";

async function* counted(count: number, made: { lines: number; closed: boolean }): AsyncGenerator<string> {
  try {
    for (; made.lines < count; made.lines += 1) yield `line ${made.lines} ü`;
  } finally {
    made.closed = true;
  }
}

describe("a file made of lines", () => {
  it("has every line with a line end", async () => {
    const made = { lines: 0, closed: false };
    const response = linesResponse(counted(20_000, made), "text/plain", "a.txt");
    const lines = (await response.text()).split("\n");
    expect(lines).toHaveLength(20_001);
    expect([lines[0], lines[19_999], lines[20_000]]).toEqual(["line 0 ü", "line 19999 ü", ""]);
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="a.txt"');
  });

  it("is made only as far as it is read, and no further when the reader leaves", async () => {
    const made = { lines: 0, closed: false };
    const reader = linesResponse(counted(1_000_000, made), "text/plain", "a.txt").body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(made.closed).toBe(true);
    expect(made.lines).toBeLessThan(50_000);
  });

  it("breaks off when a line can not be made", async () => {
    const failing = async function* (): AsyncGenerator<string> {
      yield "first";
      throw new Error("the store is away");
    };
    await expect(linesResponse(failing(), "text/plain", "a.txt").text()).rejects.toThrow("the store is away");
  });
});
