import type { z } from "zod";
import { type bulkDenial, denyMany } from "@/lib/approvals/deny-many";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";

/** Denies several requests for one reason; the answer names those that stayed as they were. The verb checks what was sent. */
export const POST = consoleRoute("approvals:decide", async (ctx, request) =>
  denyMany(ctx, (await jsonOf(request)) as z.input<typeof bulkDenial>),
);
