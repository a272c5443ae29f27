import { and, asc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/client";
import { analyses } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { SallyportError } from "@/lib/errors/error";
import type { AnalysisTask, AnalysisTools, Analyst } from "./analyst";

const HEARTBEAT_MS = 1_000;
/** Without a sign of life for this long its worker is taken for dead. */
const DEAD_MS = 15_000;
/** Workers and those who look after them compare signs of life by the clock that they share. */
const STORE_CLOCK = sql`UTC_TIMESTAMP(3)`;
const LONGEST = { step: 200, error: 500, worker: 100 } as const;

export interface AnalysisWorker {
  /** Of the process, for people. */
  readonly name: string;
  readonly analysts: readonly Analyst[];
  /** Aborts when the process ends. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/**
 * Does the oldest queued work of the worker's kinds, if there is any: one round; call it every second or so. Several processes may: each
 * piece is claimed by a conditional update. What a dead process has left half done ends as failed.
 */
export async function runDueAnalysis(db: Db, worker: AnalysisWorker): Promise<void> {
  await failAbandoned(db);
  const kinds = worker.analysts.map(({ kind }) => kind);
  const [due] = await db
    .select({ id: analyses.id, kind: analyses.kind, input: analyses.input, startedBy: analyses.createdBy })
    .from(analyses)
    .where(and(eq(analyses.state, "queued"), inArray(analyses.kind, kinds)))
    .orderBy(asc(analyses.id))
    .limit(1);
  const analyst = worker.analysts.find(({ kind }) => kind === due?.kind);
  if (due === undefined || analyst === undefined) return;
  const now = new Date();
  const [{ affectedRows }] = await db
    .update(analyses)
    .set({ state: "running", worker: worker.name.slice(0, LONGEST.worker), startedAt: now, heartbeatAt: STORE_CLOCK })
    .where(and(eq(analyses.id, due.id), eq(analyses.state, "queued")));
  if (affectedRows === 1) await work(db, due, analyst, worker);
}

async function failAbandoned(db: Db): Promise<void> {
  const now = await storeNow(db);
  await db
    .update(analyses)
    .set({ state: "failed", endedAt: now, error: "The process that worked on it is gone; start it again" })
    .where(and(eq(analyses.state, "running"), lt(analyses.heartbeatAt, new Date(now.getTime() - DEAD_MS))));
}

async function work(
  db: Db,
  { id, input, startedBy }: AnalysisTask & { readonly input: unknown },
  analyst: Analyst,
  worker: AnalysisWorker,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, worker.signal]);
  let progress = { progress: 0, step: "" };
  const running = and(eq(analyses.id, id), eq(analyses.state, "running"));
  const beat = async () => {
    await db
      .update(analyses)
      .set({ ...progress, heartbeatAt: STORE_CLOCK })
      .where(running);
    const [row] = await db
      .select({ state: analyses.state, cancelled: analyses.cancelRequestedAt })
      .from(analyses)
      .where(eq(analyses.id, id));
    if (row?.state !== "running" || row.cancelled !== null) stop.abort();
  };
  const timer = setInterval(() => void beat().catch(worker.onError), HEARTBEAT_MS);
  try {
    const tools: AnalysisTools = {
      signal,
      progress: (share, step) => {
        progress = { progress: Math.min(1, Math.max(0, share)), step: step.slice(0, LONGEST.step) };
      },
    };
    const result = await analyst.run(db, input, tools, { id, startedBy });
    signal.throwIfAborted();
    const done = {
      state: "done",
      progress: 1,
      step: null,
      endedAt: new Date(),
      result: JSON.stringify(result),
    } as const;
    await db.update(analyses).set(done).where(running);
  } catch (error) {
    const endedAt = new Date();
    if (stop.signal.aborted) {
      await db.update(analyses).set({ state: "cancelled", endedAt }).where(running);
      return;
    }
    if (!worker.signal.aborted && !(error instanceof SallyportError)) worker.onError(error);
    await db
      .update(analyses)
      .set({ state: "failed", endedAt, error: why(error, worker) })
      .where(running);
  } finally {
    clearInterval(timer);
  }
}

function why(error: unknown, { signal }: AnalysisWorker): string {
  if (signal.aborted) return "The process that worked on it was stopped; start it again";
  const text =
    error instanceof SallyportError ? `${error.message}. ${error.next ?? ""}`.trim() : "It failed; the log says why";
  return text.slice(0, LONGEST.error);
}
