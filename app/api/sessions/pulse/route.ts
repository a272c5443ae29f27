import { z } from "zod";
import { consoleRoute } from "@/lib/auth/console-route";
import { ulidText } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";
import { SESSION_PAGE_SIZE } from "@/lib/sessions/list";
import { sessionPulse } from "@/lib/sessions/pulse";

const query = z.object({
  ids: z
    .string()
    .transform((text) => text.split(",").filter((id) => id !== ""))
    .pipe(z.array(ulidText).max(SESSION_PAGE_SIZE)),
  after: z
    .string()
    .transform((text) => (text === "" ? null : text))
    .pipe(ulidText.nullable()),
});

/** The state of the sessions `ids` (comma-separated) and, if `after` is an id, how many sessions are newer than that. */
export const GET = consoleRoute("sessions:view", async (ctx, request) => {
  const params = Object.fromEntries(new URL(request.url).searchParams);
  const { ids, after } = parseInput(query, params, "The question");
  return sessionPulse(ctx, { ids, afterId: after });
});
