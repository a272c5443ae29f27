import { and, type SQL, sql } from "drizzle-orm";
import { boundedScan } from "@/lib/db/bounded-scan";
import type { DbOrTx } from "@/lib/db/client";
import type { Read, Scan } from "@/lib/db/keyset";
import { statements } from "@/lib/db/schema";
import type { StatementPlan } from "./driving-index";

/**
 * How many rows one page of a search looks at, when a condition has no index: a few tenths of a second on a small machine.
 * Rows found through a secondary index are read one by one, and cost about five times as much as a run of the primary key.
 */
export const SEARCH_WINDOW = { primary: 50_000, secondary: 10_000 } as const;
export type SearchWindow = { readonly primary: number; readonly secondary: number };

/** Of several branches each is looked at this far at least, however many there are. */
const BRANCH_WINDOW = 20;

type Ided = { readonly id: string | null };

async function idsOf(db: DbOrTx, query: SQL): Promise<string[]> {
  const [rows] = (await db.execute(query)) as unknown as [readonly Ided[]];
  return rows.flatMap(({ id }) => id ?? []);
}

/** Ids of each branch that meet the conditions, in the scan's order. */
function branchesOf(plan: StatementPlan, where: readonly (SQL | undefined)[], scan: Scan, limit: SQL): SQL {
  const index = sql.identifier(plan.index);
  const parts = plan.branches.map(
    (branch) =>
      sql`(SELECT ${statements.id} AS id FROM ${statements} FORCE INDEX (${index}) WHERE ${and(branch, ...where, sql`TRUE`)} ORDER BY ${scan.orderBy} LIMIT ${limit})`,
  );
  return sql.join(parts, sql` UNION ALL `);
}

/** Where a look at `window` rows of the plan ends; null when it has fewer. */
async function edgeOf(
  db: DbOrTx,
  plan: StatementPlan,
  range: readonly (SQL | undefined)[],
  scan: Scan,
  window: number,
) {
  const { length } = plan.branches;
  const each = length === 1 ? window : Math.max(BRANCH_WINDOW, Math.floor(window / length));
  const nearest = scan.direction === "down" ? sql`MAX(id)` : sql`MIN(id)`;
  const ends = branchesOf(plan, range, scan, sql.raw(`1 OFFSET ${each - 1}`));
  const [edge] = await idsOf(db, sql`SELECT ${nearest} AS id FROM (${ends}) AS ends`);
  return edge ?? null;
}

/** Of several ways the one that comes furthest with the same number of rows: it narrows most. */
async function furthest(
  db: DbOrTx,
  plans: readonly [StatementPlan, ...StatementPlan[]],
  range: readonly (SQL | undefined)[],
  scan: Scan,
  window: SearchWindow,
): Promise<{ readonly plan: StatementPlan; readonly edge: string | null }> {
  const looked = await Promise.all(
    plans.map(async (plan) => {
      const rows = plan.index === "PRIMARY" ? window.primary : window.secondary;
      return { plan, edge: plan.branches.length === 0 ? null : await edgeOf(db, plan, range, scan, rows) };
    }),
  );
  const further = (a: string, b: string) => (scan.direction === "down" ? a < b : a > b);
  let best = looked[0] ?? { plan: plans[0], edge: null };
  for (const one of looked) {
    if (best.edge !== null && (one.edge === null || further(one.edge, best.edge))) best = one;
  }
  return best;
}

/** The rows of a scan: a way to read them, and how far one look goes. */
export interface BoundedRows {
  readonly plan: StatementPlan;
  readonly where: readonly (SQL | undefined)[];
  /** The last id that is looked at; null when everything is. */
  readonly edge: string | null;
}

/** Chooses the way, and bounds the look at rows that no index tells apart. */
export async function boundRows(
  db: DbOrTx,
  plans: readonly [StatementPlan, ...StatementPlan[]],
  range: readonly (SQL | undefined)[],
  scan: Scan,
  window: SearchWindow,
  /** Bound what an index tells apart too: for counts, which look at every row. */
  always = false,
): Promise<BoundedRows> {
  const [only] = plans;
  if (!always && plans.length === 1 && only.residual.length === 0) return { plan: only, where: range, edge: null };
  const { plan, edge } = await furthest(db, plans, range, scan, window);
  return { plan, where: [...range, ...plan.residual], edge };
}

/** Ids of the statements that meet a filter, at most `limit` in the scan's order. */
export async function scanIds(
  db: DbOrTx,
  plans: readonly [StatementPlan, ...StatementPlan[]],
  range: readonly (SQL | undefined)[],
  scan: Scan,
  limit: number,
  window: SearchWindow,
): Promise<Read<string>> {
  const { plan, where, edge } = await boundRows(db, plans, range, scan, window);
  if (plan.branches.length === 0) return { rows: [], stoppedAt: null };
  const count = sql.raw(String(limit));
  const order = sql.raw(scan.direction === "down" ? "DESC" : "ASC");
  return boundedScan(
    scan,
    statements.id,
    window.secondary,
    // Known already: it chose the way.
    async () => edge,
    (until) => {
      const found = branchesOf(plan, [...where, until], scan, count);
      return idsOf(db, sql`SELECT id FROM (${found}) AS found ORDER BY id ${order} LIMIT ${count}`);
    },
    limit,
  );
}
