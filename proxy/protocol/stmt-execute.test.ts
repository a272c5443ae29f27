import { describe, expect, it } from "vitest";
import { TYPE } from "@/lib/masking/column-types";
import { MalformedPacket } from "./malformed";
import { seededRandom } from "./seeded-random";
import { readBoundValues } from "./stmt-execute";

const HEAD = Buffer.from("1701000000000100 0000".replaceAll(" ", ""), "hex");
const none: ReadonlySet<number> = new Set();

function execution(values: readonly (readonly [type: number, flag: number, bytes: string])[], nulls = 0): Buffer {
  return Buffer.concat([
    HEAD,
    Buffer.of(nulls),
    Buffer.of(1),
    ...values.map(([type, flag]) => Buffer.of(type, flag)),
    ...values.map(([, , bytes]) => Buffer.from(bytes, "hex")),
  ]);
}

const T = TYPE;

describe("readBoundValues", () => {
  it.each<[string, number, number, string, object]>([
    ["a signed byte", T.TINY, 0, "ff", { kind: "number", text: "-1", form: "integer" }],
    ["an unsigned byte", T.TINY, 0x80, "ff", { kind: "number", text: "255", form: "integer" }],
    ["a short", T.SHORT, 0, "feff", { kind: "number", text: "-2", form: "integer" }],
    ["a long", T.LONG, 0x80, "ffffffff", { kind: "number", text: "4294967295", form: "integer" }],
    ["a negative long long", T.LONGLONG, 0, "ffffffffffffffff", { kind: "number", text: "-1", form: "integer" }],
    [
      "an unsigned long long beyond doubles",
      T.LONGLONG,
      0x80,
      "ffffffffffffffff",
      { kind: "number", text: "18446744073709551615", form: "integer" },
    ],
    [
      "a whole double, as mysql2 binds numbers",
      T.DOUBLE,
      0,
      "0000000000001440",
      { kind: "number", text: "5", form: "float" },
    ],
    ["not a number", T.DOUBLE, 0, "000000000000f87f", { kind: "bytes" }],
    ["a decimal", T.NEWDECIMAL, 0, "0431322e35", { kind: "number", text: "12.5", form: "decimal" }],
    ["a decimal that is none", T.NEWDECIMAL, 0, "0478797a21", { kind: "bytes" }],
    ["a date", T.DATE, 0, "04ea070b17", { kind: "string", text: "2026-11-23" }],
    [
      "a moment with a fraction",
      T.DATETIME,
      0,
      "0bea070b170809000a000000",
      { kind: "string", text: "2026-11-23 08:09:00.000010" },
    ],
    ["a time of days, negative", T.TIME, 0, "080101000000020304", { kind: "string", text: "-26:03:04" }],
    ["a text", T.VAR_STRING, 0, "03c3a478", { kind: "string", text: "äx" }],
    ["a text that is not UTF-8", T.STRING, 0, "02ff41", { kind: "bytes" }],
    ["a blob", T.BLOB, 0, "026162", { kind: "bytes" }],
    ["the type NULL", T.NULL, 0, "", { kind: "null" }],
  ])("reads %s", (_what, type, flag, bytes, expected) => {
    expect(readBoundValues(execution([[type, flag, bytes]]), 1, null, none).values).toEqual([
      expect.objectContaining(expected),
    ]);
  });

  it("takes the types of an earlier execution when none come, and the NULL bitmap before all", () => {
    const first = readBoundValues(
      execution([
        [T.TINY, 0, "05"],
        [T.STRING, 0, "0161"],
      ]),
      2,
      null,
      none,
    );
    const later = Buffer.concat([HEAD, Buffer.of(0b01), Buffer.of(0), Buffer.from("0162", "hex")]);
    expect(readBoundValues(later, 2, first.types, none).values).toEqual([
      { kind: "null" },
      { kind: "string", text: "b" },
    ]);
    expect(() => readBoundValues(later, 2, null, none)).toThrow(MalformedPacket);
  });

  it("takes what was sent before as long data for unknown, and two different blobs for different", () => {
    const values = readBoundValues(
      execution([
        [T.BLOB, 0, ""],
        [T.TINY, 0, "07"],
      ]),
      2,
      null,
      new Set([0]),
    ).values;
    expect(values).toEqual([
      { kind: "bytes", sha256: "" },
      { kind: "number", text: "7", form: "integer" },
    ]);
    const [one] = readBoundValues(execution([[T.BLOB, 0, "0161"]]), 1, null, none).values;
    const [two] = readBoundValues(execution([[T.BLOB, 0, "0162"]]), 1, null, none).values;
    expect(one).not.toEqual(two);
  });

  it("refuses unknown types, missing values and bytes behind the last value", () => {
    expect(() => readBoundValues(execution([[77, 0, ""]]), 1, null, none)).toThrow(MalformedPacket);
    expect(() => readBoundValues(execution([[T.LONG, 0, "01"]]), 1, null, none)).toThrow(MalformedPacket);
    expect(() => readBoundValues(execution([[T.TINY, 0, "0102"]]), 1, null, none)).toThrow(MalformedPacket);
  });

  it("meets any bytes with values or MalformedPacket", () => {
    const random = seededRandom(7);
    for (let run = 0; run < 3000; run += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      try {
        expect(readBoundValues(bytes, 1 + Math.floor(random() * 9), null, none).values.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacket);
      }
    }
  });
});
