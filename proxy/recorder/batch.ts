import type { AuditRow, SessionEnd, SessionStart, StatementRecord } from "../session/ports";

/** What live sessions have done so far: absolute numbers, so that writing them twice changes nothing. */
export interface SessionTotals {
  readonly id: string;
  readonly statementCount: number;
  readonly errorCount: number;
  readonly lastStatementAt: Date;
}

interface RecordRows {
  readonly start: SessionStart;
  readonly statement: StatementRecord;
  readonly end: SessionEnd;
  readonly totals: SessionTotals;
  readonly audit: AuditRow;
}
/** One thing to bring to the store. */
export type RecordItem = {
  readonly [K in keyof RecordRows]: { readonly kind: K; readonly row: RecordRows[K] };
}[keyof RecordRows];

/** The rows of one kind, in order. */
export function rowsOf<K extends keyof RecordRows>(items: readonly RecordItem[], kind: K): RecordRows[K][] {
  // TypeScript does not narrow a union by a generic key; the comparison makes the cast true.
  return items.flatMap((item) => (item.kind === kind ? [item.row as RecordRows[K]] : []));
}

const FIXED_BYTES = 512;

/** Roughly what an item takes in memory, in bytes. */
export function weighItem(item: RecordItem): number {
  return item.kind === "statement" ? FIXED_BYTES + item.row.sql.length : FIXED_BYTES;
}
