import { and, desc, eq, lt, sql } from "drizzle-orm";
import { getAnalysis } from "@/lib/analyses/read";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { analyses } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type Comparison, compareRuns } from "./compare";
import type { SelfTestResult } from "./model";

const LISTED = 30;

const number = (path: string) => sql<string | null>`JSON_EXTRACT(${analyses.result}, ${path})`;

const select = (ctx: Ctx) =>
  ctx.db
    .select({
      id: analyses.id,
      state: analyses.state,
      createdAt: analyses.createdAt,
      createdBy: analyses.createdBy,
      endedAt: analyses.endedAt,
      progress: analyses.progress,
      step: analyses.step,
      error: analyses.error,
      score: number("$.score"),
      failed: number("$.counts.failed"),
      warnings: number("$.counts.setting"),
    })
    .from(analyses);

/** A run in the list; `score` and the counts are null before it is done. */
export interface SelfTestHead
  extends Omit<Awaited<ReturnType<typeof select>>[number], "score" | "failed" | "warnings"> {
  readonly score: number | null;
  readonly failed: number | null;
  readonly warnings: number | null;
}

/** The newest runs on a connection, newest first. Throws FORBIDDEN. */
export async function listSelfTests(ctx: Ctx, connectionName: string): Promise<readonly SelfTestHead[]> {
  authorise(ctx, "analyses:view");
  const rows = await select(ctx)
    .where(and(eq(analyses.connectionName, connectionName), eq(analyses.kind, "self_test")))
    .orderBy(desc(analyses.id))
    .limit(LISTED);
  const read = (value: string | null) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    ...row,
    score: read(row.score),
    failed: read(row.failed),
    warnings: read(row.warnings),
  }));
}

export interface SelfTestReport {
  readonly id: string;
  readonly result: SelfTestResult;
  /** What differs from the run before it; null for the first one. */
  readonly since: ({ readonly id: string; readonly at: string } & Comparison) | null;
}

/** One finished run, compared with the one before it on the same connection for the same identity. Throws FORBIDDEN, NOT_FOUND. */
export async function getSelfTest(ctx: Ctx, id: string): Promise<SelfTestReport> {
  const { connectionName, result } = await getAnalysis(ctx, "self_test", id);
  if (result === null) {
    throw new SallyportError("NOT_FOUND", "This self-test has no result", {
      next: "Open a finished one from the list",
    });
  }
  const now = stored(result);
  const earlier = await ctx.db
    .select({ id: analyses.id, result: analyses.result })
    .from(analyses)
    .where(
      and(
        eq(analyses.connectionName, connectionName),
        eq(analyses.kind, "self_test"),
        eq(analyses.state, "done"),
        lt(analyses.id, id),
      ),
    )
    .orderBy(desc(analyses.id))
    .limit(5);
  const identity = JSON.stringify(now.identity);
  for (const row of earlier) {
    const before = row.result === null ? null : stored(JSON.parse(row.result));
    if (before !== null && JSON.stringify(before.identity) === identity) {
      return { id, result: now, since: { id: row.id, at: before.startedAt, ...compareRuns(now, before) } };
    }
  }
  return { id, result: now, since: null };
}

/** Gateways write what the model says, and its version tells when that has changed: the only place that takes it at its word. */
function stored(result: unknown): SelfTestResult {
  if (typeof result !== "object" || result === null || !("version" in result) || result.version !== 1) {
    throw new SallyportError("NOT_FOUND", "This self-test was kept by another version", { next: "Run it again" });
  }
  return result as SelfTestResult;
}
