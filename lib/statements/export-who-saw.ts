import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { ExportFormat } from "@/lib/exports/format";
import { exportStream } from "@/lib/exports/stream";
import { type ColumnReadFilter, whoSaw } from "./who-saw";

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

/** Who got values of columns, as a file: what the page shows. Throws FORBIDDEN. */
export function exportWhoSaw(
  ctx: Ctx,
  input: { readonly filter: ColumnReadFilter; readonly format: ExportFormat },
): ReadableStream<Uint8Array> {
  authorise(ctx, "records:export");
  return exportStream(ctx, {
    what: "column-reads",
    columns: COLUMNS,
    ...input,
    read: async () => ({ records: (await whoSaw(ctx, input.filter)).rows.map((row) => ({ ...row })), next: null }),
  });
}
