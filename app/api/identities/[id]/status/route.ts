import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { reactivate } from "@/lib/identities/reactivate";
import { suspend } from "@/lib/identities/suspend";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ status: z.enum(["active", "suspended"]), reason: z.string() });

/** Suspends or reactivates an identity. */
export const POST = consoleRoute<{ id: string }>("identities:edit", async (ctx, request, { id }) => {
  const { status, reason } = parseInput(body, await jsonOf(request), "The request");
  await (status === "suspended" ? suspend : reactivate)(ctx, { id, reason });
});
