import { describe, expect, it } from "vitest";
import { TYPE } from "@/lib/masking/column-types";
import { lenencString, u16, u32 } from "@/proxy/protocol/packet-writer";
import { longDataOf, preparedIdOf, readParameters, sentTypes } from "./parameters";

const ID = 3;
const none = new Map<number, Buffer>();
const text = (value: string) => lenencString(Buffer.from(value));

interface Bound {
  readonly type: number;
  readonly bytes: Buffer | null;
}

function execution(bound: readonly Bound[], withTypes = true): Buffer {
  const nulls = Buffer.alloc((bound.length + 7) >> 3);
  bound.forEach(({ bytes }, at) => {
    if (bytes === null) nulls[at >> 3] = (nulls[at >> 3] ?? 0) | (1 << (at & 7));
  });
  return Buffer.concat([
    Buffer.of(0x17),
    u32(ID),
    Buffer.of(0),
    u32(1),
    nulls,
    Buffer.of(withTypes ? 1 : 0),
    ...(withTypes ? bound.map(({ type }) => u16(type)) : []),
    ...bound.flatMap(({ bytes }) => bytes ?? []),
  ]);
}

const bound: Bound[] = [
  { type: TYPE.LONGLONG, bytes: Buffer.alloc(8, 0xff) },
  { type: TYPE.LONGLONG | 0x8000, bytes: Buffer.alloc(8, 0xff) },
  { type: TYPE.DOUBLE, bytes: Buffer.from("000000000000f83f", "hex") },
  { type: TYPE.VAR_STRING, bytes: text("it's ü") },
  { type: TYPE.VAR_STRING, bytes: null },
  { type: TYPE.BLOB, bytes: lenencString(Buffer.of(0, 1)) },
  { type: TYPE.BLOB, bytes: text("words") },
  { type: TYPE.DATETIME, bytes: Buffer.of(7, 0xe8, 7, 1, 2, 3, 4, 5) },
  { type: TYPE.NULL, bytes: null },
];
const shown = [
  { type: "bigint", value: "-1" },
  { type: "bigint unsigned", value: "18446744073709551615" },
  { type: "double", value: "1.5" },
  { type: "varchar", value: "it's ü" },
  { type: "varchar", value: null },
  { type: "blob", value: { hex: "0001" } },
  { type: "blob", value: "words" },
  { type: "datetime", value: "2024-01-02 03:04:05" },
  { type: "null", value: null },
];

describe("the values of an execution", () => {
  it("are read with the types that it sends", () => {
    expect(readParameters(execution(bound), bound.length, null, none)?.parameters).toEqual(shown);
  });

  it("are read with the types of an earlier execution when it sends none", () => {
    const types = sentTypes(execution(bound), bound.length);
    expect(readParameters(execution(bound, false), bound.length, types, none)?.parameters).toEqual(shown);
    expect(readParameters(execution(bound, false), bound.length, null, none)).toBeNull();
  });

  it("are taken from long data where they were sent in front of it", () => {
    const sent = [
      { type: TYPE.BLOB, bytes: Buffer.alloc(0) },
      { type: TYPE.VAR_STRING, bytes: text("b") },
    ];
    const request = Buffer.concat([Buffer.of(0x18), u32(ID), u16(0), Buffer.from("in parts")]);
    const long = longDataOf(request);
    expect(long).toEqual({ parameter: 0, bytes: Buffer.from("in parts") });
    expect(preparedIdOf(request)).toBe(ID);
    const values = readParameters(execution(sent), 2, null, new Map([[0, Buffer.from("in parts")]]));
    expect(values?.parameters.map(({ value }) => value)).toEqual(["in parts", "b"]);
    expect(readParameters(execution(sent), 2, null, none)).toBeNull();
  });

  it("are not guessed when the request does not hold exactly them", () => {
    const request = execution(bound);
    for (let end = 0; end < request.length; end += 1) {
      expect(readParameters(request.subarray(0, end), bound.length, null, none)).toBeNull();
    }
    expect(readParameters(Buffer.concat([request, Buffer.of(0)]), bound.length, null, none)).toBeNull();
  });
});
