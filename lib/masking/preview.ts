import type { ColumnMask } from "./cell";
import { cellMask } from "./cell-mask";
import { codecOf } from "./codec/codec-of";
import { type Column, columnOf } from "./column";
import { type CatalogueColumn, shapeOfCatalogueColumn } from "./preview/column-type";
import { documentFor } from "./preview/document";
import { samplesFor } from "./preview/samples";
import { tokenKeys } from "./tokens";

/** Tokens of a preview are made with a key that everybody knows: no connection has it. */
const previewKeys = tokenKeys(Buffer.from("preview"), "preview");

/** A made-up value, and what the mask makes of it; null is NULL. */
export interface PreviewRow {
  readonly before: string;
  readonly after: string | null;
}

/** As a person reads it: bytes that are no text in hexadecimal. */
function readable({ kind }: Column, value: string): string {
  if (kind !== "binary" || /^[\x20-\x7e]*$/.test(value)) return value;
  return `0x${Buffer.from(value, "latin1").toString("hex")}`;
}

/** The content of a cell of the text protocol, after its length (MySQL manual, "Protocol::LengthEncodedString"). */
function contentOf(cell: Buffer): Buffer {
  const first = cell.readUInt8(0);
  return cell.subarray(first <= 0xfa ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9);
}

function shown(column: Column, bytes: Buffer): string {
  return readable(column, codecOf(column).readText(bytes, 0, bytes.length) ?? bytes.toString("latin1"));
}

/**
 * Two or three made-up values that fit the column, and what clients would see of them. Values of types that masks hide by NULL, as geometry,
 * are not spelled out.
 */
export function previewOf(mask: ColumnMask, given: CatalogueColumn): PreviewRow[] {
  const shape = shapeOfCatalogueColumn(given);
  if (shape === null) return [{ before: `(a value of type ${given.dataType})`, after: null }];
  const column = columnOf(shape);
  const cell = cellMask(mask, shape, previewKeys);
  const { paths } = mask.options;
  const holdsDocuments = column.kind === "json" || column.kind === "text";
  const samples =
    paths !== undefined && holdsDocuments ? [documentFor(paths, 0), documentFor(paths, 1)] : samplesFor(given, shape);
  return samples.map((sample) => {
    const bytes = Buffer.from(sample, column.kind === "binary" || column.kind === "bit" ? "latin1" : "utf8");
    const masked = cell.text(bytes, 0, bytes.length);
    return {
      before: shown(column, bytes),
      after: masked === null ? null : shown(columnOf(cell.shape), contentOf(masked)),
    };
  });
}
