import { consoleRoute } from "@/lib/auth/console-route";
import { exportSelfTest } from "@/lib/self-test/export-self-test";

const TYPES = { json: "application/json", csv: "text/csv" } as const;

/** A run as a file: `format` is json or csv. */
export const GET = consoleRoute<{ id: string }>("records:export", async (ctx, request, { id }) => {
  const asked = new URL(request.url).searchParams.get("format") ?? "json";
  const { format, name, text } = await exportSelfTest(ctx, id, asked);
  return new Response(text, {
    headers: {
      "content-type": `${TYPES[format]}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
});
