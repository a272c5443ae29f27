import { readStatementFilter } from "@/app/(console)/statements/search-params";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { EXPORT_TYPES } from "@/lib/exports/format";
import { exportRequest } from "@/lib/exports/request";
import { exportResponse } from "@/lib/exports/stream";
import { exportStatements } from "@/lib/statements/export";

/** The statements under the list's filters as a file. */
export const POST = consoleRoute("records:export", async (ctx, request) => {
  const { format, params } = exportRequest(await jsonOf(request));
  const stream = exportStatements(ctx, { filter: readStatementFilter(params), format });
  return exportResponse(stream, "statements", EXPORT_TYPES[format], format);
});
