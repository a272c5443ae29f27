import { describe, expect, it } from "vitest";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import type { CellMask, ColumnMask, ColumnShape } from "./cell";
import { cellMask } from "./cell-mask";
import { FLAG } from "./column-types";
import { decodeBinary, decodeText } from "./methods/decode.fixture";
import { columns, keys, masks } from "./methods/methods.fixture";

const NULL_TYPES = ["GEOMETRY", "NULL", "VECTOR"];
const nameOf = ({ method, options }: ColumnMask) => `${method} ${JSON.stringify(options)}`;

/** The value in the middle of other bytes, as it stands in a row. */
function within(bytes: Buffer): readonly [Buffer, number, number] {
  return [Buffer.concat([Buffer.from("ab"), bytes, Buffer.from("yz")]), 2, bytes.length + 2];
}

function seen(cell: CellMask, text: Buffer, binary: Buffer): { text: string | null; binary: string | null } {
  const shown = (masked: Buffer | null, decode: (bytes: Buffer, shape: ColumnShape) => string) =>
    masked === null ? null : decode(Buffer.from(masked), cell.shape);
  return {
    text: shown(cell.text(...within(text)), decodeText),
    binary: shown(cell.binary(...within(binary)), decodeBinary),
  };
}

describe.each(masks.map((mask) => [nameOf(mask), mask] as const))("the mask %s", (_name, mask) => {
  it.each(columns.map((column) => [column.name, column] as const))(
    "shows the same of %s in both protocols",
    (name, column) => {
      const cell = cellMask(mask, column.shape, keys);
      for (const { text, binary } of column.values) {
        const shown = seen(cell, text, binary);
        expect(shown.text, text.toString("latin1").slice(0, 80)).toBe(shown.binary);
        const mayBeNull = mask.method === "null" || NULL_TYPES.includes(name);
        if (!mayBeNull) expect(shown.text).not.toBeNull();
        if (shown.text === null) expect(cell.shape.flags & FLAG.NOT_NULL).toBe(0);
        if (cell.constant !== null) {
          expect(cell.text(...within(text))).toEqual(cell.constant.text);
          expect(cell.binary(...within(binary))).toEqual(cell.constant.binary);
        }
      }
    },
  );
});

describe("masks that show nothing of a value", () => {
  const telling = columns.flatMap((column) =>
    column.values
      .filter(
        ({ text, binary }) => text.length >= 5 && binary.length >= 2 && !/^[0:. -]*$/.test(text.toString("latin1")),
      )
      .map((value) => ({ ...column, ...value })),
  );

  it.each(["redact", "null", "token"] as const)("%s never has the value's bytes in what it gives", (method) => {
    expect(telling.length).toBeGreaterThan(80);
    for (const { shape, text, binary } of telling) {
      const cell = cellMask({ method, options: {} }, shape, keys);
      expect(cell.text(...within(text))?.includes(text) ?? false).toBe(false);
      const masked = cell.binary(...within(binary));
      expect(masked !== null && binary.length >= 4 && masked.includes(binary)).toBe(false);
    }
  });

  it("redact and null say the same of any two values, without reading them", () => {
    for (const method of ["redact", "null"] as const) {
      for (const { shape } of columns) expect(cellMask({ method, options: {} }, shape, keys).constant).not.toBeNull();
    }
  });

  it("token gives one token per value, another per other value", () => {
    for (const { shape, values, name } of columns) {
      if (NULL_TYPES.includes(name) || name.endsWith("latin1")) continue;
      const cell = cellMask({ method: "token", options: {} }, shape, keys);
      const tokens = values.map(({ text, binary }) => seen(cell, text, binary).text);
      // Bytes that are not UTF-8 are hidden as redact does: one of them at most in each sample.
      expect(new Set(tokens).size).toBe(values.length);
    }
  });
});

describe("hostile values", () => {
  it("any bytes for any type under any mask give a well-formed cell", () => {
    const random = seededRandom(11);
    for (const mask of masks) {
      for (const { shape } of columns) {
        const cell = cellMask(mask, shape, keys);
        for (let round = 0; round < 20; round++) {
          const bytes = Buffer.from(
            Array.from({ length: Math.floor(random() * 14) }, () => Math.floor(random() * 256)),
          );
          const { text, binary } = seen(cell, bytes, bytes);
          expect(text === null || binary === null || text.length + binary.length > 0).toBe(true);
        }
      }
    }
  });
});
