import { and, count, eq, gte, lt, max } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities, statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";

/** Somebody with recorded statements in a period. */
export interface Learnable {
  readonly id: string;
  readonly name: string;
  readonly kind: "machine" | "person";
  readonly statements: number;
  readonly lastAt: Date;
}

/** Who ran statements on a connection between two instants, most first. Throws FORBIDDEN. */
export async function listLearnable(
  ctx: Ctx,
  period: { readonly connection: string; readonly since: Date; readonly until: Date },
): Promise<readonly Learnable[]> {
  authorise(ctx, "analyses:view");
  const rows = await ctx.db
    .select({
      id: identities.id,
      name: identities.displayName,
      kind: identities.kind,
      statements: count(),
      lastAt: max(statements.at),
    })
    .from(statements)
    .innerJoin(identities, eq(identities.id, statements.identityId))
    .where(
      and(
        eq(statements.connectionName, period.connection),
        gte(statements.id, firstIdAt(period.since)),
        lt(statements.id, firstIdAt(period.until)),
      ),
    )
    .groupBy(identities.id, identities.displayName, identities.kind);
  return rows
    .flatMap(({ lastAt, ...row }) => (lastAt === null ? [] : [{ ...row, lastAt }]))
    .toSorted((a, b) => b.statements - a.statements || a.name.localeCompare(b.name));
}
