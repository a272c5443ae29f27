import type { ReplayStatement } from "@/lib/recordings/replay-model";
import { isBlocked, isMarked, kindOf } from "@/lib/recordings/timeline/marks";

export const TRANSCRIPT_VIEWS = ["all", "marked", "blocked", "held", "masked", "writes"] as const;
export type TranscriptView = (typeof TRANSCRIPT_VIEWS)[number];

export const TRANSCRIPT_VIEW_LABELS: Readonly<Record<TranscriptView, string>> = {
  all: "All statements",
  marked: "Markers",
  blocked: "Blocked",
  held: "Held",
  masked: "Masked",
  writes: "Writes and DDL",
};

const HOLDS: Readonly<Record<TranscriptView, (statement: ReplayStatement) => boolean>> = {
  all: () => true,
  marked: isMarked,
  blocked: isBlocked,
  held: (statement) => statement.approvalId !== null,
  masked: (statement) => statement.maskedRows > 0,
  writes: (statement) => ["write", "ddl"].includes(kindOf(statement.statementClass)),
};

/** Places of the statements that the transcript lists: of this view, and where a search is on, with a match. */
export function listed(
  statements: readonly ReplayStatement[],
  view: TranscriptView,
  text: string,
  matches: ReadonlyMap<string, unknown>,
): number[] {
  const wanted = text.trim().toLowerCase();
  const found: number[] = [];
  statements.forEach((statement, index) => {
    if (!HOLDS[view](statement)) return;
    if (wanted === "" || statement.sql.toLowerCase().includes(wanted) || matches.has(statement.id)) found.push(index);
  });
  return found;
}

/** The line, in the list of lines, at or before a statement's place; -1 when all come later. */
export function lineOf(lines: readonly number[], index: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
