import { newId } from "@/lib/ids";
import type { LoginGrant, Recorder, StatementRecord } from "./ports";

/** Longest SQL text in a record. */
const MAX_SQL_BYTES = 64 * 1024;
const MAX_ERROR_LENGTH = 500;

/** How a statement ended. */
export interface StatementOutcome {
  readonly rows: number;
  readonly affectedRows: number;
  readonly bytes: number;
  readonly errno: number;
  readonly errMessage: string;
}

/** SQL as it is recorded. */
export interface RecordedSql {
  readonly text: string;
  /** Length of the whole text, which may be cut. */
  readonly bytes: number;
}

/** Decodes `bytes[from, to)` as UTF-8; a character that the cut split is left out. */
export function recordedSql(bytes: Buffer, from: number, to: number, whole: number): RecordedSql {
  const end = Math.min(to, from + MAX_SQL_BYTES);
  const text = bytes.toString("utf8", from, end);
  return { text: end - from < whole && text.endsWith("\ufffd") ? text.replace(/\ufffd+$/, "") : text, bytes: whole };
}

/** Counts and records the statements of one session. */
export class StatementLog {
  readonly #recorder: Recorder;
  readonly #sessionId: string;
  readonly #grant: LoginGrant;
  count = 0;
  errors = 0;

  constructor(recorder: Recorder, sessionId: string, grant: LoginGrant) {
    this.#recorder = recorder;
    this.#sessionId = sessionId;
    this.#grant = grant;
  }

  /** `at` in epoch milliseconds, `durationUs` in microseconds. */
  add(
    command: StatementRecord["command"],
    sql: RecordedSql,
    schema: string | null,
    at: number,
    durationUs: number,
    outcome: StatementOutcome,
  ): void {
    this.count += 1;
    const failed = outcome.errno !== 0;
    if (failed) {
      this.errors += 1;
    }
    const { identity, connection } = this.#grant;
    this.#recorder.statement({
      id: newId(),
      sessionId: this.#sessionId,
      identityId: identity.id,
      connectionId: connection.id,
      connectionName: connection.name,
      sequence: this.count,
      at: new Date(at),
      command,
      defaultSchema: schema,
      sql: sql.text,
      sqlBytes: sql.bytes,
      sqlCut: sql.bytes > MAX_SQL_BYTES,
      durationUs: Math.round(durationUs),
      rowCount: outcome.rows,
      affectedRows: outcome.affectedRows,
      resultBytes: outcome.bytes,
      errorNumber: failed ? outcome.errno : null,
      errorMessage: failed ? outcome.errMessage.slice(0, MAX_ERROR_LENGTH) : null,
    });
  }
}
