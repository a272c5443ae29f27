import type { TokenKeys } from "@/lib/masking/cell";
import { cellMask } from "@/lib/masking/cell-mask";
import { codecOf } from "@/lib/masking/codec/codec-of";
import { columnOf } from "@/lib/masking/column";
import { shapeOfCatalogueColumn } from "@/lib/masking/preview/column-type";
import type { TargetColumn } from "./targets";

/** What the column's mask shows of a value as a client reads it; null: NULL, or a value that is not spelled out. */
export function shownOf(
  { base, dataType, columnType, mask }: TargetColumn,
  value: string,
  keys: TokenKeys,
): string | null {
  const shape = shapeOfCatalogueColumn({ name: base.column, dataType, columnType });
  if (shape === null) return null;
  const cell = cellMask(mask, shape, keys);
  const bytes = Buffer.from(value, "utf8");
  const masked = cell.text(bytes, 0, bytes.length);
  if (masked === null) return null;
  // The length in front of the content (MySQL manual, "Protocol::LengthEncodedString").
  const first = masked.readUInt8(0);
  const content = masked.subarray(first <= 0xfa ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9);
  return codecOf(columnOf(cell.shape)).readText(content, 0, content.length);
}
