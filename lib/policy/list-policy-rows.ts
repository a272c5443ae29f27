import { and, desc, eq, gte, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { statements } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { listPolicies, type PolicyView } from "./list-policies";
import { EFFECTS, type Effect } from "./rule";

const DAY_MS = 86_400_000;
/** Hits are counted up to here: what matters is whether a policy is in use. */
export const MAX_HITS = 10_000;

export interface PolicyRow extends Omit<PolicyView, "rules"> {
  readonly rules: Readonly<Record<Effect, number>>;
  /** Statements that it decided in the last 24 hours, at most MAX_HITS. */
  readonly hits: number;
  readonly lastHitAt: Date | null;
}

export interface PolicyFilter {
  readonly text?: string | undefined;
  readonly connection?: string | undefined;
  /** Policies with a rule of this effect. */
  readonly effect?: Effect | undefined;
  readonly use?: "used" | "unused" | undefined;
}

/** Every policy that meets the filter, by name, with how much it is used. Throws FORBIDDEN. */
export async function listPolicyRows(ctx: Ctx, filter: PolicyFilter = {}, at?: Date): Promise<PolicyRow[]> {
  authorise(ctx, "policies:view");
  const now = at ?? (await storeNow(ctx.db));
  const wanted = filter.text?.toLowerCase();
  const found = (await listPolicies(ctx)).filter(
    (one) =>
      (wanted === undefined || textOf(one).includes(wanted)) &&
      (filter.connection === undefined || one.connection.name === filter.connection) &&
      (filter.effect === undefined || one.rules.some((rule) => rule.effect === filter.effect)),
  );
  const rows = await Promise.all(
    found.map(
      async ({ rules, ...view }): Promise<PolicyRow> => ({
        ...view,
        rules: countEffects(rules),
        ...(await hitsOf(ctx, view.name, now)),
      }),
    ),
  );
  return filter.use === undefined ? rows : rows.filter((row) => row.hits > 0 === (filter.use === "used"));
}

/** What the search looks through: names, whom it binds, and the names of its rules. */
function textOf(one: PolicyView): string {
  const bound = one.identities.flatMap((binding) => Object.values(binding));
  return [one.name, one.connection.name, ...bound, ...one.rules.map((rule) => rule.name)].join("\n").toLowerCase();
}

function countEffects(rules: PolicyView["rules"]): Record<Effect, number> {
  const counts: Record<Effect, number> = { allow: 0, review: 0, deny: 0 };
  for (const effect of EFFECTS) counts[effect] = rules.filter((rule) => rule.effect === effect).length;
  return counts;
}

async function hitsOf(ctx: Ctx, name: string, now: Date): Promise<Pick<PolicyRow, "hits" | "lastHitAt">> {
  const byPolicy = eq(statements.policyName, name);
  const lastDay = ctx.db
    .select({ id: statements.id })
    .from(statements, { forceIndex: "statements_policy" })
    .where(and(byPolicy, gte(statements.id, firstIdAt(new Date(now.getTime() - DAY_MS)))))
    .limit(MAX_HITS)
    .as("last_day");
  const [[counted], [last]] = await Promise.all([
    ctx.db.select({ hits: sql<number>`COUNT(*)`.mapWith(Number) }).from(lastDay),
    ctx.db
      .select({ at: statements.at })
      .from(statements, { forceIndex: "statements_policy" })
      .where(byPolicy)
      .orderBy(desc(statements.id))
      .limit(1),
  ]);
  return { hits: counted?.hits ?? 0, lastHitAt: last?.at ?? null };
}
