import type { z } from "zod";
import type { Db } from "@/lib/db/client";
import type { AnalysisKind } from "@/lib/db/schema/analyses";

/** What long work gets to say how far it is, and to hear that nobody wants it any more. */
export interface AnalysisTools {
  /** Aborts when somebody cancels it, or its process ends: to be looked at between batches. */
  readonly signal: AbortSignal;
  /** `share`: 0 to 1. `step`: what it does now, for people. Cheap: written now and then only. */
  progress(share: number, step: string): void;
}

/** The row that asks for the work. */
export interface AnalysisTask {
  readonly id: string;
  /** The name of who started it. */
  readonly startedBy: string;
}

/** One kind of long work, ready to take what is stored of its question. */
export interface Analyst {
  readonly kind: AnalysisKind;
  run(db: Db, stored: unknown, tools: AnalysisTools, task: AnalysisTask): Promise<unknown>;
}

/**
 * Makes one out of the question's schema and the work. `work` may throw a SallyportError, whose message people see; its result must be
 * plain JSON.
 */
export function analyst<Input>(
  kind: AnalysisKind,
  input: z.ZodType<Input>,
  work: (db: Db, input: Input, tools: AnalysisTools, task: AnalysisTask) => Promise<unknown>,
): Analyst {
  return { kind, run: (db, stored, tools, task) => work(db, input.parse(stored), tools, task) };
}
