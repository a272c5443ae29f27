import { newId } from "@/lib/ids";
import type { StatementValue } from "@/lib/policy/value";
import { type DecisionRecord, UNDECIDED } from "./gate";
import type { StatementRecord } from "./ports";
import type { PreparedStatement } from "./prepared-statements";
import type { RecordedSql } from "./statement-log";

const NO_SQL: RecordedSql = { text: "", bytes: 0 };

/** The command a session is working on: one object per session, used again for each. */
export class CurrentStatement {
  /** Counts the session's commands, so that a late kill can tell whether its target is still running. */
  number = 0;
  /** Of its record; empty when it leaves none. */
  id = "";
  decision: DecisionRecord = UNDECIDED;
  /** The command byte. */
  code = 0;
  /** Null when the command leaves no record, or has left it. */
  command: StatementRecord["command"] | null = null;
  /** Its number in the session once the record says that it began, before it has any effect; else 0. */
  sequence = 0;
  sql: RecordedSql = NO_SQL;
  /** In which its names are resolved. */
  schema: string | null = null;
  prepared: PreparedStatement | null = null;
  /** What an execution is bound to; null: not known, or too long for its record. */
  parameters: readonly StatementValue[] | null = null;
  /** A copy of what went upstream, where it is needed once it has succeeded. */
  sent: Buffer | null = null;
  /** The execution asks for a cursor. */
  cursor = false;
  /** Epoch milliseconds of its arrival. */
  at = 0;
  #startedMs = 0;
  #enteredMs = 0;
  #addedMs = 0;

  begin(code: number, command: StatementRecord["command"] | null, schema: string | null, at: number): void {
    this.number += 1;
    this.id = command === null ? "" : newId();
    this.decision = UNDECIDED;
    this.code = code;
    this.command = command;
    this.sequence = 0;
    this.sql = NO_SQL;
    this.schema = schema;
    this.prepared = null;
    this.parameters = null;
    this.sent = null;
    this.cursor = false;
    this.at = at;
    this.#startedMs = performance.now();
    this.#enteredMs = this.#startedMs;
    this.#addedMs = 0;
  }

  /** The gateway begins and stops to work for this command: the time between is what it adds. */
  enter(): void {
    this.#enteredMs = performance.now();
  }

  leave(): void {
    this.#addedMs += performance.now() - this.#enteredMs;
  }

  /** Since its arrival, in microseconds. */
  elapsedUs(): number {
    return (performance.now() - this.#startedMs) * 1000;
  }

  /** Time added so far, in microseconds, the part that is running included. */
  addedUs(): number {
    return (this.#addedMs + performance.now() - this.#enteredMs) * 1000;
  }
}
