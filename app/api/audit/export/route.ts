import { readAuditFilter } from "@/app/(console)/audit/search-params";
import { exportAudit } from "@/lib/audit/export";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { EXPORT_TYPES } from "@/lib/exports/format";
import { exportRequest } from "@/lib/exports/request";
import { exportResponse } from "@/lib/exports/stream";

/** The audit events under the list's filters as a file. */
export const POST = consoleRoute("records:export", async (ctx, request) => {
  const { format, params } = exportRequest(await jsonOf(request));
  const stream = exportAudit(ctx, { filter: readAuditFilter(params), format });
  return exportResponse(stream, "audit", EXPORT_TYPES[format], format);
});
