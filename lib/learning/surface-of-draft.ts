import { eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { ruleList } from "@/lib/policy/rule";
import type { Surface } from "@/lib/policy/suggest/model";
import { surfaceOf } from "@/lib/policy/suggest/surface";

export const surfaceInput = z.strictObject({ connection: connectionName, rules: ruleList });

/** How much these rules would grant; null while the connection's schema is not known. Throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function surfaceOfDraft(ctx: Ctx, input: unknown): Promise<{ readonly surface: Surface | null }> {
  authorise(ctx, "policies:view");
  const given = parseInput(surfaceInput, input, "The rules");
  const [connection] = await ctx.db
    .select({ id: connections.id, schema: connections.schema })
    .from(connections)
    .where(eq(connections.name, given.connection));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${given.connection}`, { next: "Choose another one" });
  }
  const { known } = await loadCatalogue(ctx.db, connection.id);
  if (known === null) return { surface: null };
  const { catalogue } = known;
  const dialect = catalogue.snapshot.flavour;
  return {
    surface: surfaceOf(given.rules, {
      dialect,
      catalogue,
      defaultSchema: connection.schema,
      pipesAsConcat: false,
    }),
  };
}
