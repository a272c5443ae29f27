import { expect, it } from "vitest";
import { formatBytes, formatCount, formatShare } from "./format-quantity";

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

it.each([
  [0, 0, "0 %"],
  [0, 7, "0 %"],
  [1, 2, "50 %"],
  [2760, 2777, "99.4 %"],
  [15, 2777, "0.54 %"],
  [1, 1_000_000, "< 0.1 %"],
  [999_999, 1_000_000, "> 99.9 %"],
  [5, 5, "100 %"],
])("a share of %i in %i is %s", (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});
