import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { ExportFormat } from "@/lib/exports/format";
import { exportStream } from "@/lib/exports/stream";
import { COLUMN_READ_LIMIT, type ColumnReadFilter, whoSaw } from "./who-saw";

const COLUMNS = [
  "connectionName",
  "column",
  "identityName",
  "identityId",
  "how",
  "statements",
  "rows",
  "firstAt",
  "lastAt",
  "lastStatementId",
] as const;

/** Stands for rows beyond the most of a file: there is one page, so the file ends before anything is read from here. */
const THE_REST = "rest";

/** Who got values of columns, as a file: what the page shows. Throws FORBIDDEN. */
export function exportWhoSaw(
  ctx: Ctx,
  input: { readonly filter: ColumnReadFilter; readonly format: ExportFormat; readonly maxRows?: number },
): ReadableStream<Uint8Array> {
  authorise(ctx, "records:export");
  const { filter, format, maxRows = COLUMN_READ_LIMIT } = input;
  return exportStream(ctx, {
    what: "column-reads",
    format,
    filter,
    columns: COLUMNS,
    maxRows,
    read: async () => {
      const { rows, more } = await whoSaw(ctx, filter, new Date(), maxRows);
      return { records: rows.map((row) => ({ ...row })), next: more ? THE_REST : null };
    },
  });
}
