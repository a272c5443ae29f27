import { desc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities, statements } from "@/lib/db/schema";
import { SQL_PREVIEW } from "@/lib/statements/sql-preview";

/** The newest statements that the policies refused, newest first. Throws FORBIDDEN. */
export async function recentDenials(ctx: Ctx, limit: number) {
  authorise(ctx, "statements:view");
  return ctx.db
    .select({
      id: statements.id,
      at: statements.at,
      identityId: statements.identityId,
      identityName: identities.displayName,
      connectionName: statements.connectionName,
      sqlPreview: SQL_PREVIEW,
      decisionReason: statements.decisionReason,
    })
    .from(statements, { forceIndex: "statements_effect" })
    .leftJoin(identities, eq(identities.id, statements.identityId))
    .where(eq(statements.effect, "deny"))
    .orderBy(desc(statements.id))
    .limit(limit);
}

export type Denial = Awaited<ReturnType<typeof recentDenials>>[number];
