import { and, desc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { analyses } from "@/lib/db/schema";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import { SallyportError } from "@/lib/errors/error";

const columns = {
  id: analyses.id,
  kind: analyses.kind,
  connectionName: analyses.connectionName,
  input: analyses.input,
  state: analyses.state,
  createdAt: analyses.createdAt,
  createdBy: analyses.createdBy,
  progress: analyses.progress,
  step: analyses.step,
  startedAt: analyses.startedAt,
  endedAt: analyses.endedAt,
  cancelRequestedAt: analyses.cancelRequestedAt,
  error: analyses.error,
};

const select = (ctx: Ctx) => ctx.db.select(columns).from(analyses);

/** Long work without its result. */
export type AnalysisHead = Awaited<ReturnType<typeof select>>[number];

/** How far long work is, whatever its kind. Throws FORBIDDEN, NOT_FOUND. */
export async function analysisHead(ctx: Ctx, id: string): Promise<AnalysisHead> {
  authorise(ctx, "analyses:view");
  const [row] = await select(ctx).where(eq(analyses.id, id));
  if (row === undefined) throw noSuchAnalysis();
  return row;
}

const noSuchAnalysis = () => new SallyportError("NOT_FOUND", "There is no such analysis", { next: "Start it again" });

/** Long work; `result` is null before it is done. Throws FORBIDDEN, NOT_FOUND. */
export async function getAnalysis(
  ctx: Ctx,
  kind: AnalysisKind,
  id: string,
): Promise<AnalysisHead & { readonly result: unknown }> {
  authorise(ctx, "analyses:view");
  const [row] = await ctx.db
    .select({ ...columns, result: analyses.result })
    .from(analyses)
    .where(and(eq(analyses.id, id), eq(analyses.kind, kind)));
  if (row === undefined) throw noSuchAnalysis();
  return { ...row, result: row.result === null ? null : JSON.parse(row.result) };
}

/** The newest of a kind on a connection, without results. Throws FORBIDDEN. */
export async function listAnalyses(
  ctx: Ctx,
  kind: AnalysisKind,
  connectionName: string,
  limit = 20,
): Promise<readonly AnalysisHead[]> {
  authorise(ctx, "analyses:view");
  return select(ctx)
    .where(and(eq(analyses.connectionName, connectionName), eq(analyses.kind, kind)))
    .orderBy(desc(analyses.id))
    .limit(limit);
}
