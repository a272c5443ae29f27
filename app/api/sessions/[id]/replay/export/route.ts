import { consoleRoute } from "@/lib/auth/console-route";
import { linesResponse } from "@/lib/http/lines-response";
import { parseInput } from "@/lib/parse-input";
import { exportReplay, replayFormat } from "@/lib/recordings/export-replay";

const TYPES = { ndjson: "application/x-ndjson", txt: "text/plain" } as const;

/** The recording as a file: `format` is ndjson (one event a line) or txt (a transcript). */
export const GET = consoleRoute<{ id: string }>("records:export", async (ctx, request, { id }) => {
  const format = parseInput(replayFormat, new URL(request.url).searchParams.get("format") ?? "ndjson", "The format");
  const lines = await exportReplay(ctx, id, format);
  return linesResponse(lines, `${TYPES[format]}; charset=utf-8`, `session-${id}.${format}`);
});
