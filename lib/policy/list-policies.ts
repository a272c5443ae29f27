import { asc, eq, or, type SQL } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { connections, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { contentOf, type PolicyContent } from "./policy-columns";

export interface PolicyView extends PolicyContent {
  readonly id: string;
  readonly name: string;
  readonly connection: { readonly id: string; readonly name: string };
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** The policies of one connection, or of all, by name. */
export async function listPolicies(ctx: Ctx, connectionId?: string): Promise<PolicyView[]> {
  authorise(ctx, "policies:view");
  return readPolicies(ctx.db, connectionId === undefined ? undefined : eq(policies.connectionId, connectionId));
}

/** One policy by its name or its id; NOT_FOUND when there is none. */
export async function getPolicy(ctx: Ctx, which: string): Promise<PolicyView> {
  authorise(ctx, "policies:view");
  const both = await readPolicies(ctx.db, or(eq(policies.id, which), eq(policies.name, which)));
  const found = both.find((one) => one.id === which) ?? both[0];
  if (found === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no policy ${which.slice(0, 64)}`, {
      next: "It may have been removed or renamed; go back to the list",
    });
  }
  return found;
}

async function readPolicies(db: DbOrTx, where: SQL | undefined): Promise<PolicyView[]> {
  const rows = await db
    .select({ policy: policies, connectionName: connections.name })
    .from(policies)
    .innerJoin(connections, eq(policies.connectionId, connections.id))
    .where(where)
    .orderBy(asc(policies.name));
  return rows.map(({ policy, connectionName }) => {
    const { id, name, connectionId, version, updatedAt, updatedBy } = policy;
    const connection = { id: connectionId, name: connectionName };
    return { id, name, connection, ...contentOf(policy), version, updatedAt, updatedBy };
  });
}
