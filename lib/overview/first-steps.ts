import { notInArray, type SQL, sql } from "drizzle-orm";
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, policies, sessions, statements } from "@/lib/db/schema";
import { selfTestIds } from "@/lib/self-test/self-test-ids";

/** What a new installation still lacks; each ticks itself. */
export interface FirstSteps {
  readonly connection: boolean;
  readonly policy: boolean;
  readonly agent: boolean;
  readonly statement: boolean;
}

/** Which of the first steps are done; a self-test is none of them. Throws FORBIDDEN. */
export async function readFirstSteps(ctx: Ctx): Promise<FirstSteps> {
  authorise(ctx, "overview:view");
  const attackers = [...(await selfTestIds(ctx.db))];
  const ofAgents = (identityId: MySqlColumn) =>
    attackers.length === 0 ? undefined : notInArray(identityId, attackers);
  const [connection, policy, agent, statement] = await Promise.all([
    hasRows(ctx, connections),
    hasRows(ctx, policies),
    hasRows(ctx, sessions, ofAgents(sessions.identityId)),
    hasRows(ctx, statements, ofAgents(statements.identityId)),
  ]);
  return { connection, policy, agent, statement };
}

async function hasRows(ctx: Ctx, table: MySqlTable, where?: SQL): Promise<boolean> {
  const rows = await ctx.db.select({ one: sql`1` }).from(table).where(where).limit(1);
  return rows.length > 0;
}
