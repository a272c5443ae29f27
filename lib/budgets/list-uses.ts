import { and, eq, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { budgetUses, connections, identities, policies } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { parseInput } from "@/lib/parse-input";
import { binds } from "@/lib/policy/binding";
import { BUDGET_PERIODS, type Budget } from "@/lib/policy/budget";
import { windowEnd, windowStart } from "@/lib/policy/budget-window";
import { contentOf } from "@/lib/policy/policy-columns";
import { type SentTemplates, sentTemplates } from "./sent-templates";

/** How much of one budget an identity has used in the window of now. */
export interface BudgetMeter extends Budget {
  readonly policy: { readonly id: string; readonly name: string; readonly connection: string };
  /** False where the connection only observes: what is beyond it passes all the same. */
  readonly enforced: boolean;
  readonly identity: { readonly id: string; readonly name: string };
  /** Over all gateways, about a second old. */
  readonly used: number;
  readonly resetsAt: Date;
}

/** Meters of at most so many; `more` tells that there are others. */
export const METER_LIMIT = 200;

export const usesWanted = z.union([z.strictObject({ policyId: z.ulid() }), z.strictObject({ identityId: z.ulid() })]);

/**
 * Who has used how much: of one policy, those identities that have used any of it, the fullest first; or of one identity, all budgets of
 * the policies that bind it by what its last login said. Throws FORBIDDEN.
 */
export async function listUses(
  ctx: Ctx,
  input: z.input<typeof usesWanted>,
): Promise<{ readonly meters: readonly BudgetMeter[]; readonly more: boolean }> {
  authorise(ctx, "policyId" in input ? "policies:view" : "identities:view");
  const wanted = parseInput(usesWanted, input, "What to look at");
  const now = (await storeNow(ctx.db)).getTime();
  const found =
    "policyId" in wanted ? await ofPolicy(ctx, wanted.policyId, now) : await ofIdentity(ctx, wanted.identityId, now);
  const meters = found.sort((a, b) => b.used / b.max - a.used / a.max || byName(a, b));
  return { meters: meters.slice(0, METER_LIMIT), more: meters.length > METER_LIMIT };
}

const byName = (a: BudgetMeter, b: BudgetMeter) =>
  a.identity.name.localeCompare(b.identity.name) || a.policy.name.localeCompare(b.policy.name);

function policyRows(ctx: Ctx, where?: SQL) {
  return ctx.db
    .select({ policy: policies, connection: connections.name, mode: connections.mode })
    .from(policies)
    .innerJoin(connections, eq(connections.id, policies.connectionId))
    .where(where);
}

/** Uses of the windows that are open. */
function usesNow(ctx: Ctx, where: SQL | undefined, now: number) {
  const open = BUDGET_PERIODS.map((per) =>
    and(eq(budgetUses.per, per), eq(budgetUses.windowAt, new Date(windowStart(per, now)))),
  );
  return ctx.db
    .select({ use: budgetUses, name: identities.displayName })
    .from(budgetUses)
    .leftJoin(identities, eq(identities.id, budgetUses.identityId))
    .where(and(where, or(...open)));
}

type Use = typeof budgetUses.$inferSelect;

/** Of templates, those that several processes have counted stand in the sum several times. */
function usedOf({ measure, per, used, identityId }: Use, connection: string, sent: SentTemplates): number {
  return measure === "templates" ? Math.min(used, sent(connection, identityId)[per]) : used;
}

async function ofPolicy(ctx: Ctx, id: string, now: number): Promise<BudgetMeter[]> {
  const [row] = await policyRows(ctx, eq(policies.id, id));
  if (row === undefined) return [];
  const { budgets = [] } = contentOf(row.policy);
  if (budgets.length === 0) return [];
  const { name, connectionId } = row.policy;
  const uses = await usesNow(ctx, and(eq(budgetUses.connectionId, connectionId), eq(budgetUses.policyName, name)), now);
  const policy = { id, name, connection: row.connection };
  const counting = uses.filter(({ use }) => use.measure === "templates").map(({ use }) => use.identityId);
  const sent = await sentTemplates(ctx, [row.connection], [...new Set(counting)], now);
  return uses.flatMap(({ use, name: identity }) => {
    const budget = budgets.find((one) => one.measure === use.measure && one.per === use.per);
    if (budget === undefined) return [];
    const who = { id: use.identityId, name: identity ?? use.identityId };
    const enforced = row.mode === "enforce";
    const used = usedOf(use, row.connection, sent);
    return [{ ...budget, policy, enforced, identity: who, used, resetsAt: new Date(windowEnd(use.per, now)) }];
  });
}

async function ofIdentity(ctx: Ctx, id: string, now: number): Promise<BudgetMeter[]> {
  const [row] = await ctx.db.select().from(identities).where(eq(identities.id, id));
  if (row === undefined) return [];
  const uses = await usesNow(ctx, eq(budgetUses.identityId, id), now);
  const bound = (await policyRows(ctx)).filter(({ policy }) => binds(policy.identities, row));
  const counts = uses.some(({ use }) => use.measure === "templates");
  const sent = await sentTemplates(ctx, counts ? bound.map((one) => one.connection) : [], [id], now);
  return bound.flatMap(({ policy, connection, mode }) =>
    (contentOf(policy).budgets ?? []).map((budget): BudgetMeter => {
      const found = uses.find(
        ({ use }) =>
          use.connectionId === policy.connectionId &&
          use.policyName === policy.name &&
          use.measure === budget.measure &&
          use.per === budget.per,
      );
      return {
        ...budget,
        policy: { id: policy.id, name: policy.name, connection },
        enforced: mode === "enforce",
        identity: { id, name: row.displayName },
        used: found === undefined ? 0 : usedOf(found.use, connection, sent),
        resetsAt: new Date(windowEnd(budget.per, now)),
      };
    }),
  );
}
