import { describe, expect, it } from "vitest";
import { type ExportFormat, exportHead, exportLine } from "@/lib/exports/format";
import { rowCounter } from "./row-counter";

describe("the count of exported rows", () => {
  it.each<ExportFormat>(["csv", "ndjson"])(
    "is right for %s, wherever the bytes are cut and whatever the cells hold",
    (format) => {
      const columns = ["sql", "n"];
      const records = ["a\nb", 'say "x\n"', "=1", '"'].map((sql, n) => ({ sql, n }));
      const bytes = new TextEncoder().encode(
        exportHead(format, columns) + records.map((one) => exportLine(format, columns, one)).join(""),
      );
      const count = rowCounter(format);
      let last = 0;
      for (const byte of bytes) last = count(Uint8Array.of(byte));
      expect(last).toBe(records.length);
      expect(rowCounter(format)(bytes)).toBe(records.length);
    },
  );
});
