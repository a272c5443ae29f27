import { and, desc, eq, notInArray } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities, statements } from "@/lib/db/schema";
import { selfTestIds } from "@/lib/self-test/self-test-ids";
import { SQL_PREVIEW } from "@/lib/statements/sql-preview";

/** The newest statements that the policies refused, those of self-tests apart, newest first. Throws FORBIDDEN. */
export async function recentDenials(ctx: Ctx, limit: number) {
  authorise(ctx, "statements:view");
  const attackers = await selfTestIds(ctx.db);
  const denied = eq(statements.effect, "deny");
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
    .where(attackers.length === 0 ? denied : and(denied, notInArray(statements.identityId, [...attackers])))
    .orderBy(desc(statements.id))
    .limit(limit);
}

export type Denial = Awaited<ReturnType<typeof recentDenials>>[number];
