import { z } from "zod";
import { parseInput } from "@/lib/parse-input";
import { EXPORT_FORMATS, type ExportFormat } from "./format";

const body = z.strictObject({
  format: z.enum(EXPORT_FORMATS),
  /** The list's address behind the question mark. */
  query: z.string().max(4000),
});

/** What a page asks for: the format, and the parameters of its list's address. Throws INVALID_INPUT. */
export function exportRequest(input: unknown): {
  readonly format: ExportFormat;
  readonly params: Readonly<Record<string, string>>;
} {
  const { format, query } = parseInput(body, input, "The export");
  return { format, params: Object.fromEntries(new URLSearchParams(query)) };
}
