import { format } from "mysql2";
import type { Shift } from "./shift";
import type { AgentStatement, BoundParameter, Purpose } from "./statement";

/** A statement before it is known when and where it is sent. */
export type Draft = Pick<AgentStatement, "sql" | "parameters" | "purpose" | "inTransaction">;

/** One thing that an agent does: its statements in order. */
export type Task = (shift: Shift) => readonly Draft[];

/** How often a task comes up, relative to the others. */
export type Weighted = readonly [weight: number, task: Task];

/** What an agent is made of. */
export interface Habits {
  /** What it does, most of the time. */
  readonly work: readonly Weighted[];
  /** What it does a few times a day. */
  readonly rare: readonly Task[];
  /** What its driver or framework sends first on each connection. */
  readonly opening: Task;
  /** Looks at the schema. */
  readonly metadata: readonly Task[];
  /** What it does against its owner's will; only of an agent that misbehaves. */
  readonly misdeeds?: readonly Weighted[];
}

type Values = readonly BoundParameter[];

/** Prepared and executed with these values. */
export function prepared(sql: string, ...parameters: Values): Draft {
  return { sql, parameters, purpose: "work", inTransaction: false };
}

/** Sent as text, with the values in their places. */
export function text(sql: string, ...values: Values): Draft {
  return { sql: format(sql, [...values]), parameters: null, purpose: "work", inTransaction: false };
}

export function meant(purpose: Purpose, ...drafts: readonly Draft[]): readonly Draft[] {
  return drafts.map((one) => ({ ...one, purpose }));
}

/** In one transaction, which ends with `end`. */
export function transaction(drafts: readonly Draft[], end: "COMMIT" | "ROLLBACK" = "COMMIT"): readonly Draft[] {
  const control = (sql: string): Draft => ({ ...text(sql), purpose: "housekeeping" });
  return [control("START TRANSACTION"), ...drafts, control(end)].map((one) => ({ ...one, inTransaction: true }));
}

/** As many `?` as there are values. */
export function marks(values: Values): string {
  return values.map(() => "?").join(", ");
}
