import { eq } from "drizzle-orm";
import type { z } from "zod";
import { startAnalysis } from "@/lib/analyses/start";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { selfTestInput } from "./model";

/** Queues a self-test; a gateway takes it within a second. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND. */
export async function startSelfTest(ctx: Ctx, input: z.input<typeof selfTestInput>): Promise<{ readonly id: string }> {
  authorise(ctx, "analyses:run");
  const asked = parseInput(selfTestInput, input, "The self-test");
  const [known] = await ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(eq(connections.name, asked.connection));
  if (known === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${asked.connection}`, {
      next: "Look at the list of connections",
    });
  }
  return startAnalysis(ctx, "self_test", selfTestInput, asked);
}
