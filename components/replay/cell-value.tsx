import type { ReplayValue } from "@/lib/recordings/replay-model";

const SHOWN = 200;

/** A value on one line: NULL and bytes do not look like text. */
export function CellValue({ value }: { readonly value: ReplayValue }) {
  if (value === null) return <span className="text-faint italic">NULL</span>;
  if (typeof value !== "string") return <span className="text-info">0x{value.hex.slice(0, SHOWN)}</span>;
  return value === "" ? <span className="text-faint">''</span> : value.slice(0, SHOWN);
}

/** The whole value as text, for copying. */
export function valueText(value: ReplayValue): string {
  return value === null ? "NULL" : typeof value === "string" ? value : `0x${value.hex}`;
}
