import { describe, expect, it } from "vitest";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import type { ColumnMask } from "../cell";
import { cellMask } from "../cell-mask";
import { FLAG, TYPE } from "../column-types";
import { keys, shapeOf } from "../methods/methods.fixture";
import { hideDocument } from "./hide-document";

const redacted = (paths: readonly string[]) => hideDocument(paths, () => null, "constant");
const starred = (paths: readonly string[]) => hideDocument(paths, (text) => "*".repeat(text.length), "constant");

const text = shapeOf(TYPE.BLOB, { collation: 46, length: 1000 });

function shown(mask: ColumnMask, value: string, shape = text): string | null {
  const bytes = Buffer.from(value);
  const masked = cellMask(mask, shape, keys).text(bytes, 0, bytes.length);
  return masked === null ? null : masked.subarray(masked[0] === 0xfc ? 3 : 1).toString();
}

describe("masks on paths of a document", () => {
  it.each([
    ["a name", ["$.ssn"], '{"ssn":"1","a":"2"}', '{"ssn":"[redacted]","a":"2"}'],
    [
      "a name inside another",
      ["$.card.number"],
      '{"card":{"number":4,"x":5},"number":6}',
      '{"card":{"number":"[redacted]","x":5},"number":6}',
    ],
    ["an index", ["$[1]"], "[1,2,3]", '[1,"[redacted]",3]'],
    [
      "every element",
      ["$.i[*].e"],
      '{"i":[{"e":1},{"f":2},{"e":3}]}',
      '{"i":[{"e":"[redacted]"},{"f":2},{"e":"[redacted]"}]}',
    ],
    [
      "several paths, one of which starts like another",
      ["$.a.b", "$.a.c[0]"],
      '{"a":{"b":1,"c":[2,3]}}',
      '{"a":{"b":"[redacted]","c":["[redacted]",3]}}',
    ],
    ["all of the same name", ["$.a"], '{"a":1,"b":2,"a":3}', '{"a":"[redacted]","b":2,"a":"[redacted]"}'],
    ["names with escapes", ["$.email"], '{"\\u0065m\\u0061il":"x"}', '{"\\u0065m\\u0061il":"[redacted]"}'],
    ["a value that is an object, whole", ["$.a"], '{"a":{"b":[1,{}]},"c":1}', '{"a":"[redacted]","c":1}'],
    [
      "a value that is a list, whole, where a longer path goes into it",
      ["$.a", "$.a[0]"],
      '{"a":[1]}',
      '{"a":"[redacted]"}',
    ],
    [
      "a list of one without its brackets",
      ["$.a[*].b", "$.c[0]"],
      '{"a":{"b":1},"c":2}',
      '{"a":{"b":"[redacted]"},"c":"[redacted]"}',
    ],
    ["true and false, not null", ["$[*]"], "[true,false,null]", '["[redacted]","[redacted]",null]'],
    [
      "a name that objects have by themselves",
      ["$.constructor", "$.__proto__"],
      '{"constructor":1,"__proto__":2}',
      '{"constructor":"[redacted]","__proto__":"[redacted]"}',
    ],
  ])("hide %s", (_name, paths, document, expected) => {
    expect(redacted(paths)(document)).toBe(expected);
  });

  it("leave every other byte as it was: spaces, escapes, numbers that JavaScript can not hold", () => {
    const document = ' {\t"a" : 12345678901234567890.10e+2 ,\n "\\u0062":"\\/\\u00e9é", "s" : "x" } \r\n';
    expect(redacted(["$.s"])(document)).toBe(document.replace('"x"', '"[redacted]"'));
    expect(redacted(["$.none"])(document)).toBe(document);
  });

  it("resolve the escapes of a value before they hide it", () => {
    expect(starred(["$.a"])('{"a":"\\ud83d\\ude00\\n"}')).toBe('{"a":"***"}');
  });

  it.each([
    "",
    " ",
    "plain text",
    "12",
    '"text"',
    "null",
    "{",
    "[1,]",
    "{,}",
    '{"a"}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":1} x',
    "[1 2]",
    '["\\x"]',
    '["\\u12"]',
    '["a\nb"]',
    "[NaN]",
    "[+1]",
    "[.5]",
    "[1.]",
    '["a',
    "[tru]",
    "[truefalse]",
    '{"a":1}{"a":2}',
    "\ufeff[1]",
    "[1]\u00a0",
    "[/**/1]",
    `${"[".repeat(101)}${"]".repeat(101)}`,
    "[".repeat(500_000),
    `["${"x".repeat(1_048_576)}"]`,
    `["${"é".repeat(524_288)}"]`,
  ])("hide whole what is no document or too large or too deep: %.30j", (document) => {
    expect(redacted(["$.a"])(document)).toBeNull();
  });

  it("go 100 levels deep", () => {
    const document = `${"[".repeat(100)}1${"]".repeat(100)}`;
    expect(redacted([`$${"[0]".repeat(100)}`])(document)).toBe(document.replace("1", '"[redacted]"'));
  });

  it("take as JSON exactly what JavaScript does", () => {
    const random = seededRandom(5);
    const parts = [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"\\n"',
      "1",
      "-0.5e3",
      "true",
      "null",
      " ",
      '"',
      "\\",
      "0",
      "-",
    ];
    let valid = 0;
    for (let round = 0; round < 50_000; round++) {
      const inner = Array.from(
        { length: Math.floor(random() * 7) },
        () => parts[Math.floor(random() * parts.length)],
      ).join("");
      const document = random() < 0.5 ? `[${inner}]` : `{"a":${inner}}`;
      let isJson = true;
      try {
        JSON.parse(document);
        valid++;
      } catch {
        isJson = false;
      }
      expect(redacted(["$.none"])(document), document).toBe(isJson ? document : null);
    }
    expect(valid).toBeGreaterThan(500);
  });
});

describe("methods on paths", () => {
  const on = (method: ColumnMask["method"], options: ColumnMask["options"] = {}): ColumnMask => ({
    method,
    options: { ...options, paths: ["$.v"] },
  });

  it.each([
    [on("redact"), '{"v":5}', '{"v":"[redacted]"}'],
    [on("null"), '{"v":5}', '{"v":null}'],
    [on("null"), '{"v":{"a":5}}', '{"v":null}'],
    [on("partial", { keep_last: 2 }), '{"v":"a\\"bcd"}', '{"v":"***cd"}'],
    [on("partial", { keep_first: 2 }), '{"v":"a\\"bcd"}', '{"v":"a\\"***"}'],
    [on("partial", { keep_last: 2 }), '{"v":12345}', '{"v":"***45"}'],
    [on("email"), '{"v":"ada@example.com"}', '{"v":"a***@example.com"}'],
    [on("email"), '{"v":["ada@example.com"]}', '{"v":"[redacted]"}'],
    [on("year"), '{"v":"1985-12-24"}', '{"v":"1985-01-01"}'],
    [on("year"), '{"v":1985}', '{"v":"[redacted]"}'],
    [on("bucket", { size: 1000 }), '{"v":-1.5}', '{"v":-1000}'],
    [on("bucket", { size: 1000 }), '{"v":12345678901234567890}', '{"v":12345678901234567000}'],
    [on("bucket", { size: 1000 }), '{"v":"7300"}', '{"v":"7000"}'],
    [on("bucket", { size: 1000 }), '{"v":1e9}', '{"v":"[redacted]"}'],
  ])("%j show %s as %s", (mask, document, expected) => {
    expect(shown(mask, document)).toBe(expected);
    expect(shown(mask, document, shapeOf(TYPE.JSON))).toBe(expected);
  });

  it("give tokens that open to the scalar", () => {
    const document = JSON.parse(shown(on("token"), '{"v":"Jürgen"}') ?? "") as { v: string };
    expect(keys.open(document.v)?.toString()).toBe("Jürgen");
  });

  it("hide whole what is no document, and columns that can not hold one", () => {
    expect(shown(on("partial", { keep_last: 2 }), "4111111111111111")).toBe('"[redacted]"');
    expect(shown(on("partial", { keep_last: 2 }), '{"v":12345}', { ...text, collation: 8 })).toBe("[redacted]");
    expect(shown(on("partial", { keep_last: 2 }), '{"v":12345}', { ...text, collation: 63 })).toBe("[redacted]");
    expect(shown(on("partial", { keep_last: 2 }), "12345", shapeOf(TYPE.LONG))).toBe("0");
    expect(shown(on("null"), "4111111111111111")).toBeNull();
    expect(cellMask(on("null"), { ...text, flags: FLAG.NOT_NULL }, keys).shape.flags).toBe(0);
  });
});
