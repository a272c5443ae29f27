import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { setOwner } from "@/lib/identities/set-owner";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ ownerId: z.string().nullable() });

/** Records who answers for a machine client; null: nobody. */
export const PUT = consoleRoute<{ id: string }>("identities:edit", async (ctx, request, { id }) => {
  const { ownerId } = parseInput(body, await jsonOf(request), "The owner");
  await setOwner(ctx, { id, ownerId });
});
