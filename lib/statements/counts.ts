import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { scanOf } from "@/lib/db/keyset";
import { identities, statementMinutes, statementPeriods, statements } from "@/lib/db/schema";
import type { MINUTE_EFFECTS } from "@/lib/db/schema/statement-minutes";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import { rangeStart } from "@/lib/time-range";
import { bucketSize, type CountSource, DAY_MS, HOUR_MS, MINUTE_MS, piecesOf } from "./count-pieces";
import { COUNTED_DAYS } from "./counted-days";
import { planStatements } from "./driving-index";
import type { StatementFilter } from "./filter";
import { resolveFilter } from "./resolve";
import { boundRows, type SearchWindow } from "./scan";

/** How many rows are counted one by one where no sum answers. */
export const COUNT_WINDOW = { primary: 20_000, secondary: 5_000 } as const;

type MinuteEffect = (typeof MINUTE_EFFECTS)[number];

/** Statements of one stretch of time; each is counted once: denied, to review, failed, or else allowed. */
export interface CountBucket {
  readonly start: Date;
  readonly allow: number;
  readonly review: number;
  readonly deny: number;
  readonly failed: number;
}

export interface FacetValue {
  readonly value: string;
  /** Where the value is an id: the name, null when its row is gone. */
  readonly name?: string | null;
  readonly count: number;
}

export interface StatementCounts {
  readonly from: Date;
  readonly to: Date;
  /** Milliseconds. */
  readonly bucketMs: number;
  readonly buckets: readonly CountBucket[];
  readonly total: number;
  /** Set when not everything was counted: only statements from then on. */
  readonly countedFrom: Date | null;
  /** By count, largest first. A facet does not narrow itself where sums answer. */
  readonly facets: {
    readonly connection: readonly FacetValue[];
    readonly identity: readonly FacetValue[];
    readonly effect: readonly FacetValue[];
    readonly outcome: readonly FacetValue[];
  };
}

interface Group {
  readonly bucket: number;
  readonly connection: string;
  readonly identity: string;
  readonly effect: MinuteEffect;
  readonly failed: boolean;
  readonly count: number;
}

/** Whether sums per minute answer the filter whole. */
function summed(filter: StatementFilter): boolean {
  const { range, from, to, connection, identity, effect, outcome, ...others } = filter;
  return Object.values(others).every((one) => one === undefined);
}

/** How many statements meet the filter, over time and by what they have in common. Throws FORBIDDEN. */
export async function countStatements(
  ctx: Ctx,
  filter: StatementFilter,
  now: Date = new Date(),
  window: SearchWindow = COUNT_WINDOW,
): Promise<StatementCounts> {
  authorise(ctx, "statements:view");
  const to = ceilTo(Math.min(filter.to?.getTime() ?? now.getTime(), now.getTime()), MINUTE_MS);
  const wanted = rangeStart(filter.range, now) ?? filter.from ?? new Date(now.getTime() - COUNTED_DAYS * DAY_MS);
  const from = Math.min(floorTo(wanted.getTime(), MINUTE_MS), to - MINUTE_MS);
  const bucketMs = bucketSize(to - from);
  const span = { from, to, bucketMs };
  return summed(filter) ? fromSums(ctx, filter, span) : fromRows(ctx, filter, span, now, window);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

async function fromSums(ctx: Ctx, filter: StatementFilter, span: Span): Promise<StatementCounts> {
  const grain: CountSource = span.bucketMs % DAY_MS === 0 ? "day" : span.bucketMs % HOUR_MS === 0 ? "hour" : "minute";
  const coarse = span.to - span.from > 2 * DAY_MS ? "day" : span.to - span.from > 6 * HOUR_MS ? "hour" : "minute";
  const [time, common, names] = await Promise.all([
    readSums(ctx, span, grain, { bucket: true }, filter),
    readSums(ctx, span, coarse, { bucket: false }, {}),
    identityNames(ctx),
  ]);
  return counted(span, time, common, filter, names, null);
}

/** Sums of the span, each part of it from the coarsest table that fits; grouped over time, or by what can be chosen. */
async function readSums(
  ctx: Ctx,
  span: Span,
  coarsest: CountSource,
  { bucket }: { readonly bucket: boolean },
  filter: StatementFilter,
): Promise<Group[]> {
  const parts = piecesOf(span.from, span.to, coarsest).map(({ source, from, to }) => {
    const table = source === "minute" ? statementMinutes : statementPeriods;
    const start = source === "minute" ? statementMinutes.minute : statementPeriods.start;
    const where = and(
      source === "minute" ? undefined : eq(statementPeriods.grain, source),
      gte(start, new Date(from)),
      lt(start, new Date(to)),
      filter.connection === undefined ? undefined : eq(table.connectionName, filter.connection),
      filter.identity === undefined ? undefined : eq(table.identityId, filter.identity),
      filter.effect === undefined ? undefined : eq(table.effect, filter.effect),
      filter.outcome === undefined ? undefined : eq(table.failed, filter.outcome === "error"),
    );
    const group = bucket
      ? sql`${bucketOf(start, span)} AS bucket, '' AS connection, '' AS identity`
      : sql`0 AS bucket, ${table.connectionName} AS connection, ${table.identityId} AS identity`;
    return sql`SELECT ${group}, ${table.effect} AS effect, ${table.failed} AS failed, SUM(${table.statements}) AS count
      FROM ${table} WHERE ${where} GROUP BY 1, 2, 3, 4, 5`;
  });
  return readGroups(ctx, sql.join(parts, sql` UNION ALL `));
}

/** Number of the bucket, from 0. */
function bucketOf(
  at: SQL | typeof statementMinutes.minute | typeof statementPeriods.start | typeof statements.at,
  span: Span,
): SQL {
  const first = sql.raw(String(floorTo(span.from, span.bucketMs) / 1000));
  const step = sql.raw(String(span.bucketMs / 1000));
  return sql`FLOOR((TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', ${at}) - ${first}) / ${step})`;
}

async function readGroups(ctx: Ctx, query: SQL): Promise<Group[]> {
  const [rows] = (await ctx.db.execute(query)) as unknown as [readonly Record<string, unknown>[]];
  return rows.map((row) => ({
    bucket: Number(row.bucket),
    connection: String(row.connection),
    identity: String(row.identity),
    effect: (row.effect ?? "none") as MinuteEffect,
    failed: Number(row.failed) === 1,
    count: Number(row.count),
  }));
}

/** Counts rows one by one, as many as one look may touch. */
async function fromRows(
  ctx: Ctx,
  filter: StatementFilter,
  span: Span,
  now: Date,
  window: SearchWindow,
): Promise<StatementCounts> {
  const scan = scanOf(statements.id, "newest", null);
  const timed = filter.range === undefined && filter.from === undefined;
  const range = timeRangeBounds(statements.id, timed ? { ...filter, from: new Date(span.from) } : filter, now);
  const plans = planStatements(filter, await resolveFilter(ctx.db, filter));
  const { plan, where, edge } = await boundRows(ctx.db, plans, range, scan, window, true);
  const until = edge === null ? undefined : gte(statements.id, edge);
  const branches = plan.branches.map(
    (branch) => sql`(SELECT ${bucketOf(statements.at, span)} AS bucket, ${statements.connectionName} AS connection,
      ${statements.identityId} AS identity, COALESCE(${statements.effect}, 'none') AS effect,
      ${statements.errorNumber} IS NOT NULL AS failed, COUNT(*) AS count
      FROM ${statements} FORCE INDEX (${sql.identifier(plan.index)})
      WHERE ${and(branch, ...where, until, sql`TRUE`)} GROUP BY 1, 2, 3, 4, 5)`,
  );
  const [groups, names] = await Promise.all([
    branches.length === 0 ? [] : readGroups(ctx, sql.join(branches, sql` UNION ALL `)),
    identityNames(ctx),
  ]);
  return counted(span, groups, groups, filter, names, edge === null ? null : instantOfId(edge));
}

async function identityNames(ctx: Ctx): Promise<ReadonlyMap<string, string>> {
  const rows = await ctx.db.select({ id: identities.id, name: identities.displayName }).from(identities);
  return new Map(rows.map((row) => [row.id, row.name]));
}

function counted(
  span: Span,
  time: readonly Group[],
  common: readonly Group[],
  filter: StatementFilter,
  names: ReadonlyMap<string, string>,
  countedFrom: Date | null,
): StatementCounts {
  const first = floorTo(span.from, span.bucketMs);
  const buckets = Array.from({ length: Math.ceil((span.to - first) / span.bucketMs) }, (_, i) => ({
    start: new Date(first + i * span.bucketMs),
    allow: 0,
    review: 0,
    deny: 0,
    failed: 0,
  }));
  for (const one of time) {
    const bucket = buckets[Math.min(Math.max(one.bucket, 0), buckets.length - 1)];
    if (bucket !== undefined) bucket[kindOf(one)] += one.count;
  }
  const chosen: Record<keyof StatementCounts["facets"], (one: Group) => string> = {
    connection: (one) => one.connection,
    identity: (one) => one.identity,
    effect: (one) => one.effect,
    outcome: (one) => (one.failed ? "error" : "ok"),
  };
  const facets = ["connection", "identity", "effect", "outcome"] as const;
  const facet = (name: (typeof facets)[number]): FacetValue[] => {
    const counts = new Map<string, number>();
    for (const one of common) {
      const meets = facets.every(
        (other) => other === name || filter[other] === undefined || chosen[other](one) === filter[other],
      );
      if (meets) counts.set(chosen[name](one), (counts.get(chosen[name](one)) ?? 0) + one.count);
    }
    return [...counts]
      .map(([value, count]) => ({ value, count, ...(name === "identity" ? { name: names.get(value) ?? null } : {}) }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  };
  return {
    from: new Date(span.from),
    to: new Date(span.to),
    bucketMs: span.bucketMs,
    buckets,
    total: time.reduce((sum, one) => sum + one.count, 0),
    countedFrom,
    facets: {
      connection: facet("connection"),
      identity: facet("identity"),
      effect: facet("effect"),
      outcome: facet("outcome"),
    },
  };
}

function kindOf({ effect, failed }: Group): "allow" | "review" | "deny" | "failed" {
  if (effect === "deny" || effect === "review") return effect;
  return failed ? "failed" : "allow";
}

const floorTo = (ms: number, step: number) => Math.floor(ms / step) * step;
const ceilTo = (ms: number, step: number) => Math.ceil(ms / step) * step;
