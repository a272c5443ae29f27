import { z } from "zod";

const plan = z.array(z.record(z.string(), z.string().nullable())).min(1).max(200);

/** The server's plan as columns and rows, columns without any value left out; null when it is kept as plain text. */
export function planRows(
  text: string,
): { readonly columns: readonly string[]; readonly rows: readonly string[][] } | null {
  const parsed = plan.safeParse(jsonOrNull(text));
  if (!parsed.success) return null;
  const columns = Object.keys(parsed.data[0] ?? {}).filter((name) =>
    parsed.data.some((row) => row[name] !== null && row[name] !== undefined && row[name] !== ""),
  );
  return { columns, rows: parsed.data.map((row) => columns.map((name) => row[name] ?? "")) };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
