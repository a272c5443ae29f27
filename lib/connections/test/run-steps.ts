import { type Finding, StepFailure, type StepResult, type TestStep } from "./steps";

const BLANK = { remedy: null, notes: [], certificate: null, latencyMs: null, durationMs: 0 } as const;

/**
 * Runs steps in order, giving each result as soon as it is there. When one throws, the remaining steps are given as skipped;
 * one that only reports a failure leaves the others their turn. Never throws for what the other side does; `close` runs at the end, also when the reader leaves.
 */
export async function* runSteps<Step extends TestStep>(
  order: readonly Step[],
  works: Readonly<Record<Step, () => Promise<Finding>>>,
  close: () => void,
): AsyncGenerator<StepResult, void, undefined> {
  let stopped = false;
  const stopping = async (work: () => Promise<Finding>): Promise<Finding> => {
    try {
      return await work();
    } catch (error) {
      stopped = true;
      return failure(error);
    }
  };
  try {
    for (const step of order) {
      if (stopped) yield { ...BLANK, step, status: "skipped", summary: "Not tried: an earlier step failed." };
      else yield await timed(step, () => stopping(works[step]));
    }
  } finally {
    close();
  }
}

async function timed(step: TestStep, work: () => Promise<Finding>): Promise<StepResult> {
  const start = performance.now();
  const finding = await work();
  return { ...BLANK, ...finding, step, durationMs: Math.round((performance.now() - start) * 10) / 10 };
}

function failure(error: unknown): Finding {
  if (error instanceof StepFailure) {
    return { status: "failed", summary: error.message, remedy: error.remedy, certificate: error.certificate };
  }
  return {
    status: "failed",
    summary: "The connection was lost in the middle of the test.",
    remedy: "Try again; if it stays so, look at the server's error log at this moment.",
  };
}
