import { sql } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, policies, sessions, statements } from "@/lib/db/schema";

/** What a new installation still lacks; each ticks itself. */
export interface FirstSteps {
  readonly connection: boolean;
  readonly policy: boolean;
  readonly agent: boolean;
  readonly statement: boolean;
}

/** Which of the first steps are done. Throws FORBIDDEN. */
export async function readFirstSteps(ctx: Ctx): Promise<FirstSteps> {
  authorise(ctx, "overview:view");
  const [connection, policy, agent, statement] = await Promise.all(
    [connections, policies, sessions, statements].map((table) => hasRows(ctx, table)),
  );
  return {
    connection: connection ?? false,
    policy: policy ?? false,
    agent: agent ?? false,
    statement: statement ?? false,
  };
}

async function hasRows(ctx: Ctx, table: MySqlTable): Promise<boolean> {
  const rows = await ctx.db.select({ one: sql`1` }).from(table).limit(1);
  return rows.length > 0;
}
