import type { ColumnMask, ColumnShape } from "../cell";
import { FLAG, TYPE } from "../column-types";
import { tokenKeys } from "../tokens";

/** A column of tests with some values, as both protocols send them (without the length of strings). */
export interface SampleColumn {
  readonly name: string;
  readonly shape: ColumnShape;
  readonly values: readonly { readonly text: Buffer; readonly binary: Buffer }[];
}

export const keys = tokenKeys(Buffer.alloc(32, 7), "01TESTCONNECTION");

export const masks: readonly ColumnMask[] = [
  { method: "redact", options: {} },
  { method: "null", options: {} },
  { method: "partial", options: { keep_last: 4 } },
  { method: "partial", options: { keep_first: 1, keep_last: 1 } },
  { method: "token", options: {} },
  { method: "email", options: {} },
  { method: "year", options: {} },
  { method: "bucket", options: { size: 1000 } },
  { method: "redact", options: { paths: ["$.card.number"] } },
  { method: "partial", options: { keep_last: 4, paths: ["$.items[*].email"] } },
  { method: "null", options: { paths: ["$.card"] } },
];

export function shapeOf(type: number, more: Partial<ColumnShape> = {}): ColumnShape {
  return { type, flags: FLAG.NOT_NULL, collation: 63, length: 20, decimals: 0, ...more };
}

const bytes = (...all: number[]) => Buffer.from(all);

function integer(width: number, value: bigint): Buffer {
  const whole = Buffer.alloc(8);
  whole.writeBigInt64LE(BigInt.asIntN(64, value));
  return whole.subarray(0, width);
}

function integers(name: string, type: number, width: number, flags: number, values: readonly bigint[]): SampleColumn {
  const shape = shapeOf(type, { flags: FLAG.NOT_NULL | flags });
  const both = (value: bigint) => ({ text: Buffer.from(String(value)), binary: integer(width, value) });
  return { name, shape, values: values.map(both) };
}

function strings(name: string, shape: ColumnShape, values: readonly (string | Buffer)[]): SampleColumn {
  return { name, shape, values: values.map(Buffer.from).map((value) => ({ text: value, binary: value })) };
}

function float(text: string): SampleColumn["values"][number] {
  const binary = Buffer.alloc(4);
  binary.writeFloatLE(Number(text));
  return { text: Buffer.from(text), binary };
}

function double(text: string): SampleColumn["values"][number] {
  const binary = Buffer.alloc(8);
  binary.writeDoubleLE(Number(text));
  return { text: Buffer.from(text), binary };
}

const pair = (text: string, ...binary: number[]) => ({ text: Buffer.from(text), binary: bytes(...binary) });

const texts = [
  "ada@example.com",
  "4111 1111 1111 1111",
  "1985-12-24T10:00",
  "-12345.67",
  "",
  "x",
  "Ünïcödé 🔑🔑🔑 value",
  "long ".repeat(20_000),
  '{"card":{"number":"4111111111111111","id":12345678901234567890}}',
  '{"items":[{"email":"ada@example.com"},{"email":5}]}',
];
const utf8 = { collation: 45, length: 400 };

/** Every type of the protocol. */
export const columns: readonly SampleColumn[] = [
  integers("TINY", TYPE.TINY, 1, 0, [0n, 7n, -128n, 127n]),
  integers("TINY UNSIGNED", TYPE.TINY, 1, FLAG.UNSIGNED, [0n, 255n]),
  integers("SHORT", TYPE.SHORT, 2, 0, [1234n, -32768n]),
  integers("SHORT UNSIGNED", TYPE.SHORT, 2, FLAG.UNSIGNED, [65535n]),
  integers("INT24", TYPE.INT24, 4, 0, [1234n, -8388608n]),
  integers("INT24 UNSIGNED", TYPE.INT24, 4, FLAG.UNSIGNED, [16777215n]),
  integers("LONG", TYPE.LONG, 4, 0, [123456789n, -2147483648n]),
  integers("LONG UNSIGNED", TYPE.LONG, 4, FLAG.UNSIGNED, [4294967295n]),
  integers("LONGLONG", TYPE.LONGLONG, 8, 0, [9007199254740993n, -9223372036854775808n]),
  integers("LONGLONG UNSIGNED", TYPE.LONGLONG, 8, FLAG.UNSIGNED, [18446744073709551615n]),
  { name: "ZEROFILL", shape: shapeOf(TYPE.LONG, { flags: 0x61 }), values: [pair("0000001234", 0xd2, 4, 0, 0)] },
  { name: "FLOAT", shape: shapeOf(TYPE.FLOAT, { decimals: 31 }), values: ["1.5", "-1234.5", "1e20"].map(float) },
  { name: "FLOAT(7,2)", shape: shapeOf(TYPE.FLOAT, { decimals: 2 }), values: ["123.45", "-0.10"].map(float) },
  {
    name: "DOUBLE",
    shape: shapeOf(TYPE.DOUBLE, { decimals: 31 }),
    values: ["0.1", "-1234567.891", "1e300"].map(double),
  },
  { name: "DOUBLE(9,3)", shape: shapeOf(TYPE.DOUBLE, { decimals: 3 }), values: ["1234.500"].map(double) },
  strings("DECIMAL", shapeOf(TYPE.NEWDECIMAL, { decimals: 2, length: 12 }), ["1234.56", "-9999999999.99", "0.00"]),
  strings("old DECIMAL", shapeOf(TYPE.DECIMAL, { length: 8 }), ["123456"]),
  { name: "DATE", shape: shapeOf(TYPE.DATE), values: [pair("1985-12-24", 4, 0xc1, 7, 12, 24), pair("0000-00-00", 0)] },
  { name: "NEWDATE", shape: shapeOf(TYPE.NEWDATE), values: [pair("1985-12-24", 4, 0xc1, 7, 12, 24)] },
  {
    name: "DATETIME",
    shape: shapeOf(TYPE.DATETIME),
    values: [
      pair("1985-12-24 13:14:15", 7, 0xc1, 7, 12, 24, 13, 14, 15),
      pair("1985-12-24 00:00:00", 4, 0xc1, 7, 12, 24),
      pair("0000-00-00 00:00:00", 0),
    ],
  },
  {
    name: "DATETIME(6)",
    shape: shapeOf(TYPE.DATETIME, { decimals: 6 }),
    values: [pair("1985-12-24 13:14:15.000042", 11, 0xc1, 7, 12, 24, 13, 14, 15, 42, 0, 0, 0)],
  },
  {
    name: "TIMESTAMP(3)",
    shape: shapeOf(TYPE.TIMESTAMP, { decimals: 3 }),
    values: [
      pair("1985-12-24 13:14:15.042", 11, 0xc1, 7, 12, 24, 13, 14, 15, 0x10, 0xa4, 0, 0),
      pair("1985-12-24 13:14:15.000", 7, 0xc1, 7, 12, 24, 13, 14, 15),
    ],
  },
  {
    name: "TIME",
    shape: shapeOf(TYPE.TIME),
    values: [
      pair("-838:59:59", 8, 1, 34, 0, 0, 0, 22, 59, 59),
      pair("01:02:03", 8, 0, 0, 0, 0, 0, 1, 2, 3),
      pair("00:00:00", 0),
    ],
  },
  {
    name: "TIME(2)",
    shape: shapeOf(TYPE.TIME, { decimals: 2 }),
    values: [
      pair("01:02:03.50", 12, 0, 0, 0, 0, 0, 1, 2, 3, 0x20, 0xa1, 7, 0),
      pair("01:02:03.00", 8, 0, 0, 0, 0, 0, 1, 2, 3),
    ],
  },
  { name: "YEAR", shape: shapeOf(TYPE.YEAR), values: [pair("1985", 0xc1, 7), pair("0000", 0, 0)] },
  strings("BIT(10)", shapeOf(TYPE.BIT, { length: 10 }), [bytes(2, 129), bytes(0, 0)]),
  ...(["VARCHAR", "VAR_STRING", "STRING", "TINY_BLOB", "MEDIUM_BLOB", "LONG_BLOB", "BLOB"] as const).flatMap((name) => [
    strings(`${name} text`, shapeOf(TYPE[name], utf8), [...texts, bytes(0x61, 0xff, 0x62, 0x63)]),
    strings(`${name} binary`, shapeOf(TYPE[name]), [bytes(0, 255, 128, 13, 39), Buffer.from("ada@example.com")]),
    strings(`${name} latin1`, shapeOf(TYPE[name], { collation: 8 }), [bytes(0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72)]),
  ]),
  strings("ENUM", shapeOf(TYPE.STRING, { ...utf8, flags: FLAG.ENUM | FLAG.NOT_NULL }), ["gold", "platinum"]),
  strings("SET", shapeOf(TYPE.STRING, { ...utf8, flags: FLAG.SET }), ["news,offers"]),
  strings("type ENUM", shapeOf(TYPE.ENUM, utf8), ["platinum"]),
  strings("type SET", shapeOf(TYPE.SET, utf8), ["news,offers"]),
  strings("JSON", shapeOf(TYPE.JSON), ['{"card": {"number": "4111111111111111"}}', '["ada@example.com", 5]', '"text"']),
  strings("GEOMETRY", shapeOf(TYPE.GEOMETRY), [Buffer.alloc(25, 3)]),
  strings("NULL", shapeOf(TYPE.NULL), [Buffer.from("never")]),
  strings("VECTOR", shapeOf(242), [Buffer.alloc(16, 9)]),
];
