import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals, catalogues, identities, policies } from "@/lib/db/schema";
import { policiesFor, readStoredPolicy } from "@/lib/policy/stored-policy";
import type { Dialect } from "@/lib/sql/token";
import { type NearestTemplate, nearestTemplate } from "./nearest-template";
import { type RuleSuggestion, ruleFromApproval } from "./rule-from-approval";

/** How far a request is from what needs no review, and what would make it so. */
export interface PolicyComparison {
  /** Of the policies that bind who asked, as they are now. */
  readonly nearest: NearestTemplate | null;
  /** For an administrator who approves and adds a rule. */
  readonly suggestion: RuleSuggestion;
  /** Where the rule belongs: the policy that asked for the review, else the first that binds; null: there is none any more. */
  readonly policy: { readonly id: string; readonly name: string; readonly version: number } | null;
}

/** Compares a request with the policies of who asked; null when there is no such request. Throws FORBIDDEN. */
export async function compareWithPolicies(ctx: Ctx, id: string): Promise<PolicyComparison | null> {
  authorise(ctx, "approvals:view");
  const [row] = await ctx.db
    .select({ approval: approvals, identity: identities, serverVersion: catalogues.serverVersion })
    .from(approvals)
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .leftJoin(catalogues, eq(catalogues.connectionId, approvals.connectionId))
    .where(eq(approvals.id, id));
  if (row === undefined) return null;
  const { approval, identity } = row;
  const dialect: Dialect = /mariadb/i.test(row.serverVersion ?? "") ? "mariadb" : "mysql";
  const stored = await ctx.db
    .select()
    .from(policies)
    .where(eq(policies.connectionId, approval.connectionId))
    .orderBy(asc(policies.name));
  const bound =
    identity === null
      ? []
      : policiesFor(
          stored.map((one) => readStoredPolicy(one).bound),
          identity,
        );
  const named = bound.find((policy) => policy.name === approval.policyName) ?? bound[0];
  const target = stored.find((one) => one.name === named?.name);
  return {
    nearest: nearestTemplate(approval.sql, bound, dialect),
    suggestion: ruleFromApproval(approval, dialect),
    policy: target === undefined ? null : { id: target.id, name: target.name, version: target.version },
  };
}
