import type { ReplayStatement } from "../replay-model";

/** How far a statement is at a moment. `arrived`: being decided on. `lost`: the gateway died and nobody saw its end. */
export type Phase = "before" | "arrived" | "held" | "running" | "answering" | "done" | "lost";

/** When the client had all of the answer. */
export function endOf(statement: ReplayStatement): number {
  return statement.atUs + statement.durationUs;
}

/** The statement that had arrived last at a moment, as its place in the list; -1 before the first. */
export function statementAt(statements: readonly ReplayStatement[], us: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.atUs ?? 0) <= us) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What a statement was doing at a moment. `firstByteUs`: when its answer began, as far as that is known. */
export function phaseAt(statement: ReplayStatement, us: number, firstByteUs: number | null): Phase {
  if (us < statement.atUs) return "before";
  const over = us >= endOf(statement);
  if (over && statement.state === "done") return "done";
  if (over && statement.state === "unknown") return "lost";
  const { waitedUs, approvalId } = statement;
  const waits = waitedUs === null ? approvalId !== null : us < statement.atUs + waitedUs;
  if (waits) return approvalId === null ? "arrived" : "held";
  if (firstByteUs !== null && us >= firstByteUs) return "answering";
  return waitedUs === null ? "arrived" : "running";
}

/** How many of these moments, which are in order, had come. */
export function cameBy(momentsUs: readonly number[], us: number): number {
  let low = 0;
  let high = momentsUs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((momentsUs[middle] ?? 0) <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}
