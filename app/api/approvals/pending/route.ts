import { z } from "zod";
import { pendingFilter } from "@/lib/approvals/filter";
import { KNOWN_LIMIT, readQueue } from "@/lib/approvals/queue";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { ulidText } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";

const question = z.strictObject({
  filter: pendingFilter.default({}),
  /** Requests that the page shows: their end is told. */
  known: z.array(ulidText).max(KNOWN_LIMIT).default([]),
});

/** The queue as the page follows it. A question that changes nothing; POST because the list of known requests is long. */
export const POST = consoleRoute("approvals:view", async (ctx, request) => {
  const { filter, known } = parseInput(question, await jsonOf(request), "The question");
  return readQueue(ctx, filter, known);
});
