import { expect, it } from "vitest";
import { formatBytes, formatCount } from "./format-quantity";

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [12 * 1024 * 1024, "12 MiB"],
  [5 * 1024 ** 5, "5120 TiB"],
])("%d bytes are written %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it("counts have separators", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
});
