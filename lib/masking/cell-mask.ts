import type { CellMask, ColumnMask, ColumnShape, TokenKeys } from "./cell";
import { codecOf } from "./codec/codec-of";
import { Output } from "./codec/output";
import { type Column, columnOf } from "./column";
import { constantOf, REDACTED_JSON } from "./constants";
import { hideDocument } from "./json/hide-document";
import type { Hiding, Method } from "./methods/method";
import { METHODS } from "./methods/table";
import { hiddenShape, nullShape } from "./shapes";

function nullMask(shape: ColumnShape): CellMask {
  const constant = { text: null, binary: null };
  return { shape: nullShape(shape), constant, text: () => null, binary: () => null };
}

/** Every value the same: what redact shows of the column, or NULL. */
function wholeMask(column: Column, whole: Method["whole"]): CellMask {
  const shape = hiddenShape(column);
  const shown = columnOf(shape);
  const constant = whole === "null" ? null : constantOf(shown);
  if (constant === null) return nullMask(column.shape);
  const codec = codecOf(shown);
  const text = codec.writeText(constant, new Output());
  const binary = codec.writeBinary(constant, new Output());
  return { shape, constant: { text, binary }, text: () => text, binary: () => binary };
}

/** Every value by itself. `whole` (canonical text, null for NULL) stands for what is no value of the type or not to be shown in part. */
function valueMask(column: Column, { shape, hide }: Hiding, whole: string | null): CellMask {
  const given = codecOf(column);
  const shown = codecOf(columnOf(shape));
  const out = new Output();
  const hidden = (value: string | null) => (value === null ? whole : (hide(value) ?? whole));
  return {
    shape,
    constant: null,
    text(bytes, from, to) {
      const value = hidden(given.readText(bytes, from, to));
      return value === null ? null : shown.writeText(value, out);
    },
    binary(bytes, from, to) {
      const value = hidden(given.readBinary(bytes, from, to));
      return value === null ? null : shown.writeBinary(value, out);
    },
  };
}

/** Only some values of JSON documents. MariaDB's JSON columns are text; any other type is no document and is hidden whole. */
function documentMask(column: Column, method: Method, paths: readonly string[], mask: ColumnMask, keys: TokenKeys) {
  if (column.kind !== "json" && column.kind !== "text") return wholeMask(column, method.whole);
  const shape = method.whole === "null" ? nullShape(hiddenShape(column)) : hiddenShape(column);
  const hide = hideDocument(paths, method.text(mask.options, keys), method.whole);
  return valueMask(column, { shape, hide }, method.whole === "null" ? null : REDACTED_JSON);
}

/** Makes a mask ready for one result column. Types that are not known, and geometry, are NULL whatever the method. */
export function cellMask(mask: ColumnMask, shape: ColumnShape, keys: TokenKeys): CellMask {
  const column = columnOf(shape);
  const method = METHODS[mask.method];
  if (mask.options.paths !== undefined) return documentMask(column, method, mask.options.paths, mask, keys);
  const hiding = method.column(column, mask.options, keys);
  return hiding === null
    ? wholeMask(column, method.whole)
    : valueMask(column, hiding, constantOf(columnOf(hiding.shape)));
}
