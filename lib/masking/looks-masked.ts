import type { ColumnMask } from "./cell";
export function looksMasked(text: string, mask: ColumnMask): boolean {
  return text.startsWith("tok_") || text === "[redacted]" || (mask.method === "partial" && text.includes("***"));
}
