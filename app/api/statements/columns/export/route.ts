import { readColumnReadFilter } from "@/app/(console)/statements/columns/search-params";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { EXPORT_TYPES } from "@/lib/exports/format";
import { exportRequest } from "@/lib/exports/request";
import { exportResponse } from "@/lib/exports/stream";
import { exportWhoSaw } from "@/lib/statements/export-who-saw";

/** Who saw what under the list's filters as a file. */
export const POST = consoleRoute("records:export", async (ctx, request) => {
  const { format, params } = exportRequest(await jsonOf(request));
  const stream = exportWhoSaw(ctx, { filter: readColumnReadFilter(params), format });
  return exportResponse(stream, "column-reads", EXPORT_TYPES[format], format);
});
