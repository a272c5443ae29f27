import { describe, expect, it } from "vitest";
import type { ColumnMask } from "./cell";
import { cellMask } from "./cell-mask";
import { TYPE } from "./column-types";
import { looksMasked } from "./looks-masked";
import { columns, keys, shapeOf } from "./methods/methods.fixture";

const mask = (method: ColumnMask["method"], options: ColumnMask["options"] = {}): ColumnMask => ({ method, options });
const partial = mask("partial", { keep_last: 4 });

describe("a text that a client writes into a masked column", () => {
  it.each([
    [mask("redact"), "[redacted]"],
    [mask("redact"), " [redacted]\n"],
    [mask("redact"), '"[redacted]"'],
    [mask("redact"), "1900-01-01"],
    [mask("redact"), "1900-01-01 00:00:00.000"],
    [partial, "************1111"],
    [partial, "***"],
    [partial, "[redacted]"],
    [mask("partial", { keep_first: 1, keep_last: 1 }), "a*z"],
    [mask("email"), "a***@example.com"],
    [mask("email"), "[redacted]"],
    [mask("token"), keys.seal(Buffer.from("42"))],
    [mask("token"), keys.seal(Buffer.alloc(70_000))],
    [mask("bucket", { size: 10 }), "[redacted]"],
    [mask("redact", { paths: ["$.a"] }), '{"a":["[redacted]"]}'],
    [mask("partial", { keep_last: 4, paths: ["$.a"] }), '{"a":"*****6789","b":1}'],
    [mask("token", { paths: ["$.a"] }), JSON.stringify({ a: keys.seal(Buffer.from("42")) })],
    [mask("redact", { paths: ["$.a"] }), '"[redacted]"'],
  ])("looks masked to %j: %.60j", (given, text) => {
    expect(looksMasked(text, given)).toBe(true);
  });

  it.each([
    [mask("redact"), "0"],
    [mask("redact"), "0.00"],
    [mask("redact"), "00:00:00"],
    [mask("redact"), "1901"],
    [mask("redact"), "the file was [redacted] by counsel"],
    [partial, "4111111111111111"],
    [partial, "a*b"],
    [partial, "good *** hotel"],
    [partial, `${"*".repeat(33)}1111`],
    [mask("email"), "ada@example.com"],
    [mask("token"), "tok_123"],
    [mask("year"), "1985-01-01"],
    [mask("bucket", { size: 10 }), "20"],
    [mask("null"), "NULL"],
    [mask("redact", { paths: ["$.a"] }), '{"a":0,"b":[null,true]}'],
    [mask("redact", { paths: ["$.a"] }), "{broken"],
  ])("is ordinary to %j: %.60j", (given, text) => {
    expect(looksMasked(text, given)).toBe(false);
  });

  it("looks masked whenever the mask made it of a string", () => {
    const shape = shapeOf(TYPE.VAR_STRING, { collation: 45 });
    const texts = columns.find(({ name }) => name === "VARCHAR text")?.values ?? [];
    for (const given of [mask("redact"), partial, mask("partial", { keep_first: 2 }), mask("email"), mask("token")]) {
      const cell = cellMask(given, shape, keys);
      for (const { text } of texts) {
        const masked = cell.text(text, 0, text.length) ?? Buffer.alloc(0);
        const shown = masked.subarray(masked[0] === 0xfd ? 4 : masked[0] === 0xfc ? 3 : 1).toString();
        expect(looksMasked(shown, given), shown).toBe(true);
      }
    }
  });

  it("is answered for a hostile document without overflowing the stack", () => {
    expect(looksMasked(`${"[".repeat(100_000)}${"]".repeat(100_000)}`, mask("redact", { paths: ["$.a"] }))).toBe(false);
  });
});
