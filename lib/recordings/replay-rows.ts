import { sql } from "drizzle-orm";
import { statements } from "@/lib/db/schema";
import { KNOWN_STATE } from "@/lib/statements/known-state";
import type { ReplayStatement } from "./replay-model";

/** Characters of a statement's text on the timeline. */
export const TIMELINE_SQL = 300;

/** What the timeline needs of a statement; its text is cut by the store. */
export const timelineColumns = {
  id: statements.id,
  sequence: statements.sequence,
  state: KNOWN_STATE,
  command: statements.command,
  at: statements.at,
  waitedUs: statements.waitedUs,
  durationUs: statements.durationUs,
  sql: sql<string>`LEFT(${statements.sql}, ${sql.raw(String(TIMELINE_SQL))})`,
  statementClass: statements.statementClass,
  effect: statements.effect,
  errorNumber: statements.errorNumber,
  rows: statements.rowCount,
  affectedRows: statements.affectedRows,
  maskedRows: statements.maskedRows,
  approvalId: statements.approvalId,
};

type TimelineRow = Omit<ReplayStatement, "atUs"> & { readonly at: Date };

/** Microseconds from the session's start to `instant`; the store knows milliseconds. */
export function sinceStart(startedAt: Date, instant: Date): number {
  return Math.max(0, instant.getTime() - startedAt.getTime()) * 1000;
}

export function timelineStatement(row: TimelineRow, startedAt: Date): ReplayStatement {
  const { at, ...facts } = row;
  return { ...facts, atUs: sinceStart(startedAt, at) };
}
