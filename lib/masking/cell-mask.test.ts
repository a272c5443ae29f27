import { describe, expect, it } from "vitest";
import type { ColumnMask, ColumnShape } from "./cell";
import { cellMask } from "./cell-mask";
import { FLAG, TYPE } from "./column-types";
import { decodeText } from "./methods/decode.fixture";
import { keys, shapeOf } from "./methods/methods.fixture";

const varchar = shapeOf(TYPE.VAR_STRING, { collation: 45, length: 80 });
const blob = shapeOf(TYPE.BLOB, { collation: 63 });
const decimal = shapeOf(TYPE.NEWDECIMAL, { decimals: 2, length: 7 });

const redact: ColumnMask = { method: "redact", options: {} };
const partial = (keep_first: number, keep_last: number): ColumnMask => ({
  method: "partial",
  options: { keep_first, keep_last },
});
const bucket = (size: number): ColumnMask => ({ method: "bucket", options: { size } });
const email: ColumnMask = { method: "email", options: {} };
const year: ColumnMask = { method: "year", options: {} };

function shown(mask: ColumnMask, shape: ColumnShape, value: string | Buffer): string | null {
  const bytes = Buffer.from(value);
  const cell = cellMask(mask, shape, keys);
  const masked = cell.text(bytes, 0, bytes.length);
  return masked === null ? null : Buffer.from(decodeText(masked, cell.shape), "latin1").toString("utf8");
}

describe("redact", () => {
  it.each([
    ["a string", varchar, "[redacted]"],
    ["bytes", blob, "[redacted]"],
    ["a JSON document", shapeOf(TYPE.JSON), '"[redacted]"'],
    ["a number", shapeOf(TYPE.LONG), "0"],
    ["a decimal, with its scale", decimal, "0.00"],
    ["a double without fixed decimals", shapeOf(TYPE.DOUBLE, { decimals: 31 }), "0"],
    ["a date", shapeOf(TYPE.DATE), "1900-01-01"],
    ["a datetime", shapeOf(TYPE.DATETIME), "1900-01-01 00:00:00"],
    ["a timestamp with a fraction", shapeOf(TYPE.TIMESTAMP, { decimals: 3 }), "1900-01-01 00:00:00.000"],
    ["a time", shapeOf(TYPE.TIME), "00:00:00"],
    ["a year", shapeOf(TYPE.YEAR), "1901"],
    ["bits, as many bytes as the column has", shapeOf(TYPE.BIT, { length: 10 }), "\0\0"],
    ["a type that it does not know", shapeOf(99), null],
    ["geometry", shapeOf(TYPE.GEOMETRY), null],
  ])("has a constant for %s and keeps the type", (_name, shape, constant) => {
    expect(shown(redact, shape, "secret")).toBe(constant);
    expect(cellMask(redact, shape, keys).shape.type).toBe(shape.type);
  });

  it("makes an ENUM an ordinary string, since the constant is no member of it", () => {
    const shape = shapeOf(TYPE.STRING, { collation: 45, flags: FLAG.ENUM | FLAG.NOT_NULL, length: 8 });
    expect(cellMask(redact, shape, keys).shape).toEqual({ ...shape, flags: FLAG.NOT_NULL, length: 48 });
  });

  it("writes ASCII as utf8mb4 where the column's character set is one that it does not read, UTF-16 say", () => {
    const shape = shapeOf(TYPE.VAR_STRING, { collation: 54 });
    expect(cellMask(redact, shape, keys).shape.collation).toBe(45);
  });
});

describe("null", () => {
  it("is NULL, and tells the client that the column may be", () => {
    const flags = FLAG.NOT_NULL | FLAG.PRIMARY_KEY | FLAG.UNSIGNED;
    const cell = cellMask({ method: "null", options: {} }, shapeOf(TYPE.LONG, { flags }), keys);
    expect(cell.constant).toEqual({ text: null, binary: null });
    expect(cell.shape.flags).toBe(FLAG.UNSIGNED);
  });
});

describe("partial", () => {
  it.each([
    ["4111111111111111", 0, 4, "************1111"],
    ["4111111111111111", 6, 4, "411111******1111"],
    ["Jürgen", 2, 0, "Jü****"],
    ["🔑🔒🔓🔐", 1, 1, "🔑**🔐"],
    ["abcd", 0, 4, "****"],
    ["abcde", 0, 4, "*bcde"],
    ["a", 0, 4, "***"],
    ["", 2, 2, "***"],
    ["x".repeat(100), 2, 2, `xx${"*".repeat(32)}xx`],
    [`🔑${"x".repeat(100_000)}🔐`, 1, 1, `🔑${"*".repeat(32)}🔐`],
    [`a${"🔑".repeat(100_001)}`, 2, 2, `a🔑${"*".repeat(32)}🔑🔑`],
    ["🔑".repeat(100_000), 64, 64, `${"🔑".repeat(64)}${"*".repeat(32)}${"🔑".repeat(64)}`],
  ])("shows %j with %i at the start and %i at the end as %j", (value, first, last, expected) => {
    expect(shown(partial(first, last), varchar, value)).toBe(expected);
  });

  it("makes numbers and dates text", () => {
    expect(shown(partial(0, 2), shapeOf(TYPE.LONG), "-1234567")).toBe("******67");
    expect(shown(partial(4, 0), shapeOf(TYPE.DATE), "1985-12-24")).toBe("1985******");
    expect(cellMask(partial(0, 2), shapeOf(TYPE.LONG, { flags: 0x8061 }), keys).shape).toEqual({
      type: TYPE.VAR_STRING,
      flags: FLAG.NOT_NULL,
      collation: 45,
      length: 80,
      decimals: 0,
    });
  });

  it("hides bytes, JSON, text that is not UTF-8 and other character sets whole", () => {
    expect(shown(partial(1, 1), blob, "secret")).toBe("[redacted]");
    expect(shown(partial(1, 1), shapeOf(TYPE.JSON), '{"a":1}')).toBe('"[redacted]"');
    expect(shown(partial(1, 1), varchar, Buffer.of(0x61, 0xc3, 0x28, 0x62))).toBe("[redacted]");
    expect(shown(partial(1, 1), { ...varchar, collation: 28 }, "secret")).toBe("[redacted]");
  });

  it("reads U+FFFD as the character that it is", () => {
    expect(shown(partial(1, 0), varchar, "\ufffdabc")).toBe("\ufffd***");
  });
});

describe("email", () => {
  it.each([
    ["ada@example.com", "a***@example.com"],
    ["jürgen.müller@post.münchen.de", "j***@post.münchen.de"],
    ["a@b", "[redacted]"],
    ["no address", "[redacted]"],
    ["two@at@example.com", "[redacted]"],
    ["Ada <ada@example.com>", "[redacted]"],
    [" ada@example.com", "[redacted]"],
    ["", "[redacted]"],
    [`${"a".repeat(400)}@example.com`, "[redacted]"],
  ])("shows %j as %j", (value, expected) => {
    expect(shown(email, varchar, value)).toBe(expected);
  });

  it("hides other types as redact does", () => {
    expect(shown(email, shapeOf(TYPE.LONG), "12")).toBe("0");
  });
});

describe("year", () => {
  it.each([
    ["a date", shapeOf(TYPE.DATE), "1985-12-24", "1985-01-01"],
    ["a zero date", shapeOf(TYPE.DATE), "0000-00-00", "0000-00-00"],
    ["a datetime", shapeOf(TYPE.DATETIME, { decimals: 3 }), "1985-12-24 13:14:15.678", "1985-01-01 00:00:00.000"],
    ["a year", shapeOf(TYPE.YEAR), "1985", "1985"],
    ["a text that is a date", varchar, "1985-12-24", "1985-01-01"],
    ["a text that begins with one", varchar, "1985-12-24T13:14:15Z", "1985-01-01"],
    ["another text", varchar, "born 1985-12-24", "[redacted]"],
    ["a long number with dashes", varchar, "1985-12-2499", "[redacted]"],
    ["a time", shapeOf(TYPE.TIME), "13:14:15", "00:00:00"],
    ["a number", shapeOf(TYPE.LONG), "1985", "0"],
  ])("shows of %s the year at most", (_name, shape, value, expected) => {
    expect(shown(year, shape, value)).toBe(expected);
  });
});

describe("bucket", () => {
  it.each([
    ["integers", shapeOf(TYPE.LONG), 1000, "73123", "73000"],
    ["integers below zero", shapeOf(TYPE.LONG), 1000, "-1", "-1000"],
    ["the smallest TINYINT", shapeOf(TYPE.TINY), 1000, "-5", "-128"],
    ["the smallest MEDIUMINT", shapeOf(TYPE.INT24), 1_000_000_000, "-5", "-8388608"],
    [
      "large BIGINTs exactly",
      shapeOf(TYPE.LONGLONG, { flags: FLAG.UNSIGNED }),
      7,
      "18446744073709551615",
      "18446744073709551614",
    ],
    ["BIGINTs beyond 2^53", shapeOf(TYPE.LONGLONG), 10, "9007199254740993", "9007199254740990"],
    ["decimals", { ...decimal, length: 12 }, 100, "1234.56", "1200.00"],
    ["decimals below zero", decimal, 100, "-0.01", "-100.00"],
    ["decimals to their range", decimal, 1_000_000, "-0.01", "-999.99"],
    [
      "long decimals exactly",
      { ...decimal, length: 40 },
      1000,
      "12345678901234567890123.45",
      "12345678901234567890000.00",
    ],
    ["doubles", shapeOf(TYPE.DOUBLE, { decimals: 31 }), 10, "-12.5", "-20"],
    ["doubles with fixed decimals", shapeOf(TYPE.DOUBLE, { decimals: 2 }), 10, "12.50", "10.00"],
    ["numbers in text", varchar, 1000, "-73123.90", "-74000"],
    ["numbers in text, zeros in front", varchar, 1000, "0012345", "12000"],
    ["text with an exponent", varchar, 1000, "1e3", "[redacted]"],
    ["other text", varchar, 1000, "12 345", "[redacted]"],
    ["dates", shapeOf(TYPE.DATE), 10, "1985-12-24", "1900-01-01"],
  ])("rounds %s down", (_name, shape, size, value, expected) => {
    expect(shown(bucket(size), shape, value)).toBe(expected);
  });
});

describe("token", () => {
  const token: ColumnMask = { method: "token", options: {} };
  const opened = (shape: ColumnShape, value: string | Buffer) => keys.open(shown(token, shape, value) ?? "");

  it("holds the canonical text of numbers and dates, and the bytes of strings", () => {
    expect(opened(shapeOf(TYPE.LONG, { flags: FLAG.ZEROFILL }), "0000042")?.toString()).toBe("42");
    expect(opened(shapeOf(TYPE.FLOAT, { decimals: 31 }), "1.50000e3")?.toString()).toBe("1500");
    expect(opened(shapeOf(TYPE.DATETIME, { decimals: 2 }), "1985-12-24 01:02:03.4")?.toString()).toBe(
      "1985-12-24 01:02:03.40",
    );
    expect(opened(varchar, "Jürgen 🔑")?.toString()).toBe("Jürgen 🔑");
    expect(opened(blob, Buffer.of(0, 255, 128))).toEqual(Buffer.of(0, 255, 128));
  });

  it("becomes text in utf8mb4 that is long enough for every value", () => {
    const { shape } = cellMask(token, varchar, keys);
    expect(shape).toMatchObject({ type: TYPE.VAR_STRING, collation: 45 });
    expect(shown(token, varchar, "x".repeat(80))?.length).toBeLessThanOrEqual(shape.length);
  });

  it("is the same where text prints six digits of a FLOAT and binary carries all, ties to even", () => {
    const cell = cellMask(token, shapeOf(TYPE.FLOAT, { decimals: 31 }), keys);
    for (const [value, printed] of [
      [1.234567, "1.23457"],
      [100000.5, "100000"],
      [100001.5, "100002"],
      [-100000.5, "-100000"],
      [3.4028234e38, "3.40282e38"],
    ] as const) {
      const binary = Buffer.alloc(4);
      binary.writeFloatLE(value);
      const fromBinary = Buffer.from(cell.binary(binary, 0, 4) ?? "");
      expect(fromBinary).toEqual(Buffer.from(cell.text(Buffer.from(printed), 0, printed.length) ?? ""));
    }
  });
});
