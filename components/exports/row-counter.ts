import type { ExportFormat } from "@/lib/exports/format";

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Counts the records in the bytes of an export as they arrive; line breaks within a CSV cell end no record, and its head is none. */
export function rowCounter(format: ExportFormat): (bytes: Uint8Array) => number {
  let lines = 0;
  let quoted = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === QUOTE && format === "csv") quoted = !quoted;
      else if (byte === LINE_FEED && !quoted) lines += 1;
    }
    return format === "csv" ? Math.max(0, lines - 1) : lines;
  };
}
