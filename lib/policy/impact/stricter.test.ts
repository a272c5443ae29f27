import { describe, expect, it } from "vitest";
import type { ColumnMask } from "@/lib/masking/cell";
import { type Shown, shownBy } from "./stricter";

const mask = (method: ColumnMask["method"], options: ColumnMask["options"] = {}): ColumnMask => ({ method, options });

describe("what one mask shows in place of another", () => {
  const cases: readonly [string, ColumnMask | null, ColumnMask | null, Shown][] = [
    ["none as before", null, null, "same"],
    ["a new one", null, mask("email"), "less"],
    ["none any more", mask("email"), null, "more"],
    ["the same", mask("partial", { keep_last: 4 }), mask("partial", { keep_first: 0, keep_last: 4 }), "same"],
    ["redact in place of partial", mask("partial", { keep_last: 4 }), mask("redact"), "less"],
    ["not even whether there is a value", mask("redact"), mask("null"), "less"],
    ["whether there is a value", mask("null"), mask("redact"), "more"],
    ["fewer characters", mask("partial", { keep_last: 4 }), mask("partial", { keep_last: 2 }), "less"],
    ["other characters", mask("partial", { keep_last: 4 }), mask("partial", { keep_first: 1 }), "more"],
    ["wider buckets of whole old ones", mask("bucket", { size: 10 }), mask("bucket", { size: 100 }), "less"],
    ["wider buckets across old ones", mask("bucket", { size: 10 }), mask("bucket", { size: 15 }), "more"],
    ["methods that can not be compared", mask("email"), mask("token"), "more"],
    ["a whole document in place of a part", mask("redact", { paths: ["$.a"] }), mask("redact"), "less"],
    ["a part in place of a whole document", mask("redact"), mask("null", { paths: ["$.a"] }), "more"],
    ["more parts", mask("redact", { paths: ["$.a"] }), mask("redact", { paths: ["$.b", "$.a"] }), "less"],
    ["another part", mask("redact", { paths: ["$.a"] }), mask("redact", { paths: ["$.b"] }), "more"],
  ];
  it.each(cases)("%s", (_, before, after, shown) => {
    expect(shownBy(before, after)).toBe(shown);
  });
});
