import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import type { Binding } from "./binding";

export interface PolicyView {
  readonly id: string;
  readonly name: string;
  readonly identities: readonly Binding[];
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** The policies of one connection, by name: who may connect. */
export async function listPolicies(ctx: Ctx, connectionId: string): Promise<PolicyView[]> {
  authorise(ctx, "policies:view");
  return ctx.db
    .select({
      id: policies.id,
      name: policies.name,
      identities: policies.identities,
      version: policies.version,
      updatedAt: policies.updatedAt,
      updatedBy: policies.updatedBy,
    })
    .from(policies)
    .where(eq(policies.connectionId, connectionId))
    .orderBy(asc(policies.name));
}
