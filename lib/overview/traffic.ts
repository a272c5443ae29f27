import { and, count, desc, eq, gte, isNotNull, notInArray, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { statements } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { selfTestIds } from "@/lib/self-test/self-test-ids";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const TRAFFIC_MINUTES = 60;
/** Durations are those of this many newest statements of the hour: exact percentiles of millions would cost too much. */
export const DURATION_SAMPLE = 5_000;

/** Statements that began in one minute. */
export interface TrafficMinute {
  readonly start: Date;
  readonly total: number;
  /** Those that ended with an error. */
  readonly errors: number;
  /** Those that the policies refused, and those that wait for a person. */
  readonly denied: number;
  readonly reviewed: number;
}

export interface Traffic {
  /** TRAFFIC_MINUTES entries, oldest first; the last one is the running minute. */
  readonly minutes: readonly TrafficMinute[];
  readonly total: number;
  readonly errors: number;
  readonly denied: number;
  readonly reviewed: number;
  /** Rows with something hidden that were sent since `dayStart`, midnight in UTC. */
  readonly maskedToday: number;
  readonly dayStart: Date;
  /** Microseconds, of what agents and people sent: a self-test would be most of it while it runs. Null when there was no statement. */
  readonly durations: { readonly p50: number; readonly p99: number; readonly sample: number } | null;
}

/** What went through in the last hour; what it counts is what the Statements page lists, self-tests included. Throws FORBIDDEN. */
export async function readTraffic(ctx: Ctx, at?: Date): Promise<Traffic> {
  authorise(ctx, "overview:view");
  const now = at ?? (await storeNow(ctx.db));
  const lastMinute = Math.floor(now.getTime() / MINUTE_MS);
  const firstMinute = lastMinute - TRAFFIC_MINUTES + 1;
  const from = new Date(firstMinute * MINUTE_MS);
  const inHour = gte(statements.at, from);
  const inHourById = and(gte(statements.id, firstIdAt(from)), inHour);
  const dayStart = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const attackers = await selfTestIds(ctx.db);
  const [totals, failed, denied, reviewed, masked, durations] = await Promise.all([
    perMinute(ctx, inHour, "statements_at"),
    // By the error index, for the ids of the hour: errors are few, statements are many.
    perMinute(ctx, and(isNotNull(statements.errorNumber), inHourById), "statements_error"),
    perMinute(ctx, and(eq(statements.effect, "deny"), inHourById), "statements_effect"),
    perMinute(ctx, and(eq(statements.effect, "review"), inHourById), "statements_effect"),
    ctx.db
      .select({ rows: sql<number>`COALESCE(SUM(${statements.maskedRows}), 0)`.mapWith(Number) })
      .from(statements, { forceIndex: "statements_at" })
      .where(gte(statements.at, dayStart)),
    ctx.db
      .select({ us: statements.durationUs })
      .from(statements, { forceIndex: "statements_at" })
      .where(and(inHour, attackers.length === 0 ? undefined : notInArray(statements.identityId, [...attackers])))
      .orderBy(desc(statements.at), desc(statements.id))
      .limit(DURATION_SAMPLE),
  ]);
  const minutes = Array.from({ length: TRAFFIC_MINUTES }, (_, i) => ({
    start: new Date((firstMinute + i) * MINUTE_MS),
    total: totals.get(firstMinute + i) ?? 0,
    errors: failed.get(firstMinute + i) ?? 0,
    denied: denied.get(firstMinute + i) ?? 0,
    reviewed: reviewed.get(firstMinute + i) ?? 0,
  }));
  return {
    minutes,
    total: sum(minutes.map((minute) => minute.total)),
    errors: sum(minutes.map((minute) => minute.errors)),
    denied: sum(minutes.map((minute) => minute.denied)),
    reviewed: sum(minutes.map((minute) => minute.reviewed)),
    maskedToday: masked[0]?.rows ?? 0,
    dayStart,
    durations: percentiles(durations.map((row) => row.us)),
  };
}

async function perMinute(ctx: Ctx, where: ReturnType<typeof and>, index: string): Promise<Map<number, number>> {
  const minute = sql<number>`TIMESTAMPDIFF(MINUTE, '1970-01-01 00:00:00', ${statements.at})`.mapWith(Number);
  const rows = await ctx.db
    .select({ minute, total: count() })
    .from(statements, { forceIndex: index })
    .where(where)
    .groupBy(minute);
  return new Map(rows.map((row) => [row.minute, row.total]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Nearest-rank percentiles; null of nothing. */
export function percentiles(values: readonly number[]): { p50: number; p99: number; sample: number } | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: rank(0.5), p99: rank(0.99), sample: sorted.length };
}
