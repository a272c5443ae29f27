import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Ctx } from "@/lib/ctx";
import { templateUses } from "@/lib/db/schema";
import type { BudgetPeriod } from "@/lib/policy/budget";
import { windowStart } from "@/lib/policy/budget-window";

/** How many different templates each identity has sent in the open windows, by connection and identity. */
export type SentTemplates = (connectionName: string, identityId: string) => Readonly<Record<BudgetPeriod, number>>;

const NONE = { minute: 0, hour: 0, day: 0 } as const;

/**
 * Every process counts a template that is new to it, so that the sum of a budget of templates may hold one several times. These are counted
 * by name, those that were refused among them: the truth is at most the smaller of both, as the gateways go by it too.
 */
export async function sentTemplates(
  ctx: Ctx,
  connectionNames: readonly string[],
  identityIds: readonly string[],
  now: number,
): Promise<SentTemplates> {
  if (connectionNames.length === 0 || identityIds.length === 0) return () => NONE;
  const { connectionName, identityId, day, templateHash, lastAt } = templateUses;
  const since = (per: BudgetPeriod): SQL<number> => {
    const start = sql.param(new Date(windowStart(per, now)), lastAt);
    return sql`count(distinct case when ${lastAt} >= ${start} then ${templateHash} end)`.mapWith(Number);
  };
  const rows = await ctx.db
    .select({ connectionName, identityId, minute: since("minute"), hour: since("hour"), day: since("day") })
    .from(templateUses)
    .where(
      and(
        inArray(connectionName, [...connectionNames]),
        inArray(identityId, [...identityIds]),
        eq(day, new Date(now).toISOString().slice(0, 10)),
      ),
    )
    .groupBy(connectionName, identityId);
  const found = new Map(rows.map((row) => [`${row.connectionName} ${row.identityId}`, row]));
  return (connection, identity) => found.get(`${connection} ${identity}`) ?? NONE;
}
