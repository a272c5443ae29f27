/** The formats of a file of records. */
export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

export type ExportValue = string | number | boolean | Date | null | object;
export type ExportRecord = Readonly<Record<string, ExportValue>>;

/** What a spreadsheet would read as a formula (OWASP, CSV Injection); full-width signs are read like plain ones. */
const FORMULA = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;

/**
 * One cell: quoted always, so that separators and line breaks stay inside, and with an apostrophe in front of a text that would be a
 * formula. Numbers stay numbers.
 */
export function csvCell(value: ExportValue): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = value instanceof Date ? value.toISOString() : typeof value === "string" ? value : JSON.stringify(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** The first line of a CSV file; nothing for NDJSON, whose lines name their fields. */
export function exportHead(format: ExportFormat, columns: readonly string[]): string {
  return format === "csv" ? `${columns.map(csvCell).join(",")}\r\n` : "";
}

/** One record as a line. */
export function exportLine(format: ExportFormat, columns: readonly string[], record: ExportRecord): string {
  if (format === "ndjson")
    return `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, record[name] ?? null])))}\n`;
  return `${columns.map((name) => csvCell(record[name] ?? null)).join(",")}\r\n`;
}
