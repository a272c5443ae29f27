import type { Running, RunningSession } from "@/lib/sessions/running";

/** What a session is doing, in one word. */
export const DOINGS = ["running", "held", "transaction", "over"] as const;
export type Doing = (typeof DOINGS)[number];

/** Moments as the page and its route give them. */
type Sent<T> = {
  readonly [K in keyof T]: T[K] extends Date ? T[K] | string : T[K] extends Date | null ? Date | string | null : T[K];
};
export interface SentRunning {
  readonly now: Date | string;
  readonly open: number;
  readonly sessions: readonly Sent<RunningSession>[];
}

/** A running session with its times by this browser's clock. */
export interface RunningRow extends Omit<RunningSession, "statementAt" | "sessionStartedAt"> {
  /** Epoch milliseconds here; null between the statements of a transaction. */
  readonly since: number | null;
  readonly sessionStartedAt: Date | string;
}

/** The rows of an answer that came at `receivedAt` here: clocks differ, so ages are taken from the store's. */
export function runningRows({ now, sessions }: SentRunning | Running, receivedAt: number): RunningRow[] {
  const offset = receivedAt - new Date(now).getTime();
  return sessions.map(({ statementAt, ...row }) => ({
    ...row,
    since: statementAt === null ? null : new Date(statementAt).getTime() + offset,
  }));
}

export function doingOf(row: RunningRow, over: boolean): Doing {
  if (over) return "over";
  if (row.held) return "held";
  return row.statementId === null ? "transaction" : "running";
}

/** Where a session is watched as it happens. */
export const followHref = (sessionId: string) => `/sessions/${sessionId}/replay?follow=1`;
