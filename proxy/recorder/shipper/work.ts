import type {
  auditEvents,
  columnReads,
  recordingChunks,
  sessions,
  statementMinutes,
  statementPeriods,
  statements,
  templateUses,
} from "@/lib/db/schema";
import type { SessionEnd, TemplateFacts } from "../../session/ports";
import type { SpoolPlace } from "../spool/position";

export type AuditRow = typeof auditEvents.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type StatementRow = typeof statements.$inferSelect;
export type ChunkRow = typeof recordingChunks.$inferSelect;
export type MinuteRow = typeof statementMinutes.$inferSelect;
export type PeriodRow = typeof statementPeriods.$inferSelect;
export type ReadRow = typeof columnReads.$inferSelect;
export type UseRow = typeof templateUses.$inferSelect;

/** What a session has done so far: absolute numbers. */
export interface SessionTotals {
  readonly id: string;
  readonly statementCount: number;
  readonly errorCount: number;
  readonly lastStatementAt: Date | null;
}

/** A chunk before it is compressed. */
export interface ChunkDraft {
  readonly sessionId: string;
  readonly connectionName: string;
  readonly number: number;
  /** Epoch milliseconds; frames count from it. */
  readonly sessionStartedAt: number;
  readonly frames: readonly Buffer[];
  readonly lastSequence: number;
}

export interface TemplateKey {
  readonly connectionName: string;
  readonly templateHash: string;
  readonly defaultSchema: string;
}

/** Everything of one transaction. It is kept until it is in the store, and written again as it is. */
export interface Work {
  readonly starts: readonly SessionRow[];
  /** New rows, finished or running. */
  readonly statements: readonly StatementRow[];
  /** Rows that are there as running, and have finished. */
  readonly finished: readonly StatementRow[];
  readonly audits: readonly AuditRow[];
  readonly ends: readonly (SessionEnd & { readonly lastStatementAt: Date | null })[];
  readonly totals: readonly SessionTotals[];
  readonly templates: readonly TemplateFacts[];
  /** Templates that were used again, and when. */
  readonly used: readonly TemplateKey[];
  readonly usedAt: Date | null;
  readonly minutes: readonly MinuteRow[];
  readonly periods: readonly PeriodRow[];
  readonly reads: readonly ReadRow[];
  readonly uses: readonly UseRow[];
  readonly chunks: readonly ChunkDraft[];
  /** How far the spool is with it. */
  readonly place: SpoolPlace;
  readonly sequence: number;
}

/** Whether there is anything to write; a place alone is not worth a transaction. */
export function isEmpty(work: Work): boolean {
  const { starts, statements, finished, audits, ends, totals, templates, used, chunks } = work;
  return [starts, statements, finished, audits, ends, totals, templates, used, chunks].every((one) => one.length === 0);
}
