import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { ExportFormat } from "@/lib/exports/format";
import { EXPORT_PAGE, exportStream } from "@/lib/exports/stream";
import type { AuditFilter } from "./filter";
import { listAudit } from "./list";

const COLUMNS = [
  "id",
  "at",
  "action",
  "result",
  "actorKind",
  "actorId",
  "actorName",
  "objectKind",
  "objectId",
  "objectName",
  "connectionName",
  "address",
  "code",
  "message",
  "detail",
] as const;

/** The audit events that meet the filter as a file, newest first. Throws FORBIDDEN. */
export function exportAudit(
  ctx: Ctx,
  input: { readonly filter: AuditFilter; readonly format: ExportFormat; readonly maxRows?: number },
): ReadableStream<Uint8Array> {
  authorise(ctx, "records:export");
  authorise(ctx, "audit:view");
  const { filter, ...rest } = input;
  const now = new Date();
  return exportStream(ctx, {
    what: "audit",
    filter,
    columns: COLUMNS,
    ...rest,
    read: async (cursor) => {
      const { rows, next } = await listAudit(ctx, { filter, cursor, size: EXPORT_PAGE, now });
      return { records: rows, next };
    },
  });
}
